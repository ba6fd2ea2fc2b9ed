import { formatSeconds } from '../../../domain/units.js';
import type { Rule } from '../rule.js';

/** Argo asks again after an Error every 10 s, whatever the interval is. */
const retrySeconds = 10;
const fewest = 30;

export const errorLimit: Rule = {
  name: 'error-limit',
  severity: 'error',
  what: 'a short outage of the service aborts a healthy canary',
  of: 'metric',
  check({ metric }) {
    const limit = metric.limit('consecutiveErrorLimit');
    if (metric.dryRun || limit === undefined || limit >= fewest) return [];
    const field = metric.field.at('consecutiveErrorLimit');
    const given = field.exists
      ? `consecutiveErrorLimit ${limit}`
      : `the default of consecutiveErrorLimit (${limit})`;
    return [
      {
        field,
        message: `errors are retried every 10 s, so with ${given} an outage of ${formatSeconds(limit * retrySeconds)} rolls a healthy canary back`,
        fix: 'set consecutiveErrorLimit: 360, an hour',
        severity: limit <= 4 ? 'error' : 'warning',
      },
    ];
  },
};
