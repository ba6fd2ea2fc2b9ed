import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

/** What Argo itself refuses about a metric's limits, by then only in the cluster. */
export const limitsRefused: Rule = {
  name: 'limits-refused',
  severity: 'error',
  what: 'Argo refuses the limits or durations: the run ends in Error and the rollout aborts',
  of: 'metric',
  check({ metric }) {
    const found: Problem[] = [];
    const count = metric.count ?? 0;
    const successes = metric.limit('consecutiveSuccessLimit');
    const failures = metric.limit('failureLimit');
    if (count > 1 && !metric.field.at('interval').exists) {
      found.push({
        field: metric.field.at('interval'),
        message: `a count of ${count} without an interval: the run ends in Error, "interval must be specified when count > 1"`,
        fix: 'add interval: 60s, one look of counts',
      });
    }
    if (count > 0 && count < Math.max(failures, 0) + successes) {
      found.push({
        field: metric.field.at('count'),
        message: `a count of ${count} is less than failureLimit + consecutiveSuccessLimit (${Math.max(failures, 0) + successes}): Argo refuses the metric`,
        fix: 'raise count, or lower the limits',
      });
    }
    if (failures < 0 && successes === 0) {
      found.push({
        field: metric.field.at('failureLimit'),
        message: 'failureLimit -1 without a consecutiveSuccessLimit: Argo refuses the metric',
        fix: 'set failureLimit: 0',
      });
    }
    for (const [name, seconds] of [
      ['interval', metric.intervalSeconds],
      ['initialDelay', metric.field.at('initialDelay').exists ? undefined : 0],
    ] as const) {
      const field = metric.field.at(name);
      const { text } = field;
      if (text === undefined || text.includes('{{') || seconds !== undefined) continue;
      if (name === 'initialDelay' && metric.initialDelaySeconds > 0) continue;
      found.push({
        field,
        message: `"${text}" is no duration to Argo: the run ends in Error`,
        fix: 'write a number and a unit: 60s, 5m, 1h30m',
      });
    }
    return found;
  },
};
