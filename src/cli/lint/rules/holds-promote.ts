import type { Rule } from '../rule.js';

/** Argo counts holds as measurements: a metric that has reached its count is Successful, whatever it measured. */
export const holdsPromote: Rule = {
  name: 'holds-promote',
  severity: 'error',
  what: 'the count is reached by holds, and the canary is promoted without a verdict',
  of: 'metric',
  check({ metric }) {
    const { effectiveCount: count, successCondition, failureCondition } = metric;
    if (count === undefined || count === Infinity || metric.limit('consecutiveSuccessLimit') !== 0) return [];
    // With one condition alone a hold is no hold to Argo: other rules tell that.
    if (successCondition === undefined || failureCondition === undefined) return [];
    const fix = `add consecutiveSuccessLimit: 1 (Argo Rollouts 1.8): then only a promote ends it as Successful`;
    const tolerated = metric.limit('inconclusiveLimit');
    if (tolerated !== undefined && tolerated >= count) {
      const holds =
        count === 1
          ? `one hold reaches the count (1${metric.field.at('count').exists ? '' : ', since neither count nor interval is given'})`
          : `${count} holds in a row reach the count (${count})`;
      const message = `${holds}, and a reached count is Successful: the canary is promoted without one promote`;
      return [{ field: metric.field.at('count'), message, fix }];
    }
    const message = `without a success limit a promote does not end it: it goes on to ${count} measurements, and holds after the last promote still promote`;
    return count === 1
      ? []
      : [{ field: metric.field.at('consecutiveSuccessLimit'), message, fix, severity: 'warning' }];
  },
};
