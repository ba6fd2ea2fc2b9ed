import type { Rule } from '../rule.js';

/** Argo wants the promotes in a row, and holds count as measurements too. */
export const unreachedPromotes: Rule = {
  name: 'unreached-promotes',
  severity: 'error',
  what: 'as many promotes are wanted as there are measurements: one hold, and the rollout pauses in the end',
  of: 'metric',
  check({ metric }) {
    const { effectiveCount: count, successCondition, failureCondition } = metric;
    const wanted = metric.limit('consecutiveSuccessLimit');
    if (metric.dryRun || count === undefined || count === 1 || wanted === undefined) return [];
    if (successCondition === undefined || failureCondition === undefined || wanted !== count) return [];
    return [
      {
        field: metric.field.at('consecutiveSuccessLimit'),
        message: `${wanted} promotes in a row of at most ${count} measurements, and every canary begins with holds: the count is reached before, and the rollout pauses for a person`,
        fix: 'set consecutiveSuccessLimit: 1; the evidence is in the verdict already',
      },
    ];
  },
};
