import type { Field } from '../files/field.js';
import { Rollout } from '../argo/rollout.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

export const noTraffic: Rule = {
  name: 'no-traffic',
  severity: 'error',
  what: 'an analysis while one of the versions has no traffic: its answers are holds, which pause the rollout',
  of: 'use',
  check({ owner, role, field, gates, traffic }): readonly Problem[] {
    if (role !== 'step' || !(owner instanceof Rollout) || gates.length === 0) return [];
    const own = owner.steps.findIndex((step) => step.at('analysis').path === field.path);
    const before = owner.steps.slice(0, own);
    if ((traffic?.weight ?? 0) >= 100) {
      return [
        {
          field,
          message:
            'all traffic goes to the canary by now: the stable version, which it is compared with, is asked nothing any more, and what is not decided yet stays a hold',
          fix: 'put the analysis after a smaller setWeight; the last promotion needs no step of its own',
          severity: 'warning',
        },
      ];
    }
    if (before.some(sendsBeside) || (traffic?.weight ?? 0) > 0) return [];
    const none = traffic?.weightField === undefined;
    return [
      {
        field,
        message: none
          ? 'no step before gives the canary any traffic: every answer is a hold, and they pause the rollout'
          : 'the last setWeight is 0, so that the canary has no traffic: every answer is a hold, and they pause the rollout',
        fix: 'put a setWeight before the analysis',
      },
    ];
  },
};

/** Whether a step sends something to the canary whatever its weight is. */
function sendsBeside(step: Field): boolean {
  return step.at('setHeaderRoute').exists || step.at('setMirrorRoute').exists;
}
