import type { Rule } from '../rule.js';

/** A rollback is proven before it is told: Argo need not wait for another one. */
export const rollbacksTolerated: Rule = {
  name: 'rollbacks-tolerated',
  severity: 'error',
  what: 'a rollback verdict does not abort, or not the first one',
  of: 'metric',
  check({ metric }) {
    const limit = metric.limit('failureLimit');
    const { effectiveCount: count } = metric;
    if (limit === undefined || limit === 0 || metric.failureCondition === undefined) return [];
    const field = metric.field.at('failureLimit');
    const fix = 'set failureLimit: 0, or leave it out; the evidence is in the verdict already';
    if (limit < 0) return [{ field, message: 'no number of rollback verdicts aborts the rollout', fix }];
    if (count !== undefined && limit >= count) {
      const effect =
        metric.limit('consecutiveSuccessLimit') === 0
          ? 'the rollout goes on to the next step'
          : 'the rollout is not aborted';
      const message = `${count} rollback ${count === 1 ? 'verdict reaches' : 'verdicts reach'} the count (${count}) without exceeding failureLimit (${limit}): ${effect}`;
      return [{ field, message, fix }];
    }
    const message = `${limit} rollback ${limit === 1 ? 'verdict' : 'verdicts'} must come before the next one aborts: a bad canary keeps its traffic meanwhile`;
    return [{ field, message, fix, severity: 'warning' }];
  },
};
