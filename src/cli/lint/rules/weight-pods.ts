import { formatPercent } from '../../../domain/units.js';
import type { Rule } from '../rule.js';

/** Beyond this much of the weight the real share is another one. */
const tolerance = 0.1;

export const weightPods: Rule = {
  name: 'weight-pods',
  severity: 'warning',
  what: 'without a traffic router so few pods cannot make the weight',
  of: 'rollout',
  check(rollout) {
    const { replicas } = rollout;
    if (rollout.hasRouter || replicas === undefined || replicas < 1) return [];
    return rollout.steps.flatMap((step) => {
      const field = step.at('setWeight');
      const { value: weight } = field;
      if (typeof weight !== 'number' || weight <= 0 || weight >= 100) return [];
      // The nearest whole pod, at least one of each version where there is more than one.
      const pods = Math.min(Math.max(1, Math.round((replicas * weight) / 100)), Math.max(1, replicas - 1));
      const share = pods / replicas;
      if (Math.abs(share - weight / 100) <= (tolerance * weight) / 100) return [];
      return [
        {
          field,
          message: `without a traffic router ${weight} % of ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} is ${pods === 1 ? 'one pod' : `${pods} pods`}, really ${formatPercent(share, 2)} of the requests; a verdict that is told ${weight} holds with sample-ratio`,
          fix: `add a traffic router, take ${fewestReplicas(weight)} replicas, or a weight that whole pods make`,
        },
      ];
    });
  },
};

/** The fewest replicas of which a weight is a whole number. */
function fewestReplicas(weight: number): number {
  for (let replicas = 1; replicas < 100; replicas++) {
    if (Number.isInteger((replicas * weight) / 100)) return replicas;
  }
  return 100;
}
