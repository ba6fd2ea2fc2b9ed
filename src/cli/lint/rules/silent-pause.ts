import type { Rule } from '../rule.js';

/** A count that ends the run tells nothing; the limit of holds does. */
export const silentPause: Rule = {
  name: 'silent-pause',
  severity: 'warning',
  what: 'the rollout pauses with an empty message, since the count ends before the limit of holds',
  of: 'metric',
  check({ metric }) {
    const { effectiveCount: count } = metric;
    const limit = metric.limit('inconclusiveLimit');
    if (count === undefined || limit === undefined || limit < count) return [];
    if (metric.limit('consecutiveSuccessLimit') === 0) return [];
    return [
      {
        field: metric.field.at('inconclusiveLimit'),
        message: `${count} holds reach the count before the limit of holds (${limit}) is exceeded: the rollout pauses and the run's message is empty`,
        fix: `set inconclusiveLimit below count, to ${Math.max(0, count - 2)}`,
      },
    ];
  },
};
