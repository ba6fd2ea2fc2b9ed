import { goDurationSeconds } from '../argo/go-duration.js';
import type { LimitName, Metric } from '../argo/metric.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

/** What Argo itself refuses about a metric's limits, by then only in the cluster. */
export const limitsRefused: Rule = {
  name: 'limits-refused',
  severity: 'error',
  what: 'Argo refuses the limits or durations: the run ends in Error and the rollout aborts',
  of: 'metric',
  check: ({ metric }) => [...countRefused(metric), ...negativeLimits(metric), ...noDurations(metric)],
};

function countRefused(metric: Metric): readonly Problem[] {
  const count = metric.effectiveCount;
  // Argo compares what is given: a count that it makes itself is not refused.
  if (count === undefined || count === Infinity || !metric.field.at('count').exists) return [];
  const found: Problem[] = [];
  const least =
    Math.max(metric.limit('failureLimit') ?? 0, 0) + (metric.limit('consecutiveSuccessLimit') ?? 0);
  const holds = metric.limit('inconclusiveLimit') ?? 0;
  if (count > 1 && !metric.field.at('interval').exists) {
    found.push({
      field: metric.field.at('interval'),
      message: `a count of ${count} without an interval: the run ends in Error, "interval must be specified when count > 1"`,
      fix: 'add interval: 60s, one look of counts',
    });
  }
  if (count < least) {
    found.push({
      field: metric.field.at('count'),
      message: `a count of ${count} is less than failureLimit + consecutiveSuccessLimit (${least}): Argo refuses the metric`,
      fix: 'raise count, or lower the limits',
    });
  }
  if (count < holds) {
    found.push({
      field: metric.field.at('inconclusiveLimit'),
      message: `inconclusiveLimit ${holds} is more than the count (${count}): Argo refuses the metric`,
      fix: `set inconclusiveLimit below count, to ${Math.max(0, count - 2)}`,
    });
  }
  return found;
}

const leastOf: Readonly<Record<LimitName, number>> = {
  consecutiveSuccessLimit: 0,
  failureLimit: -1,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 0,
};

function negativeLimits(metric: Metric): readonly Problem[] {
  const names = Object.keys(leastOf) as readonly LimitName[];
  const below = names.flatMap((name): readonly Problem[] => {
    const limit = metric.limit(name) ?? 0;
    if (limit >= leastOf[name]) return [];
    const message = `${name} ${limit} is below ${leastOf[name]}: Argo refuses the metric`;
    return [{ field: metric.field.at(name), message, fix: `set ${name} to 0 or more` }];
  });
  if (metric.limit('failureLimit') !== -1 || metric.limit('consecutiveSuccessLimit') !== 0) return below;
  return [
    ...below,
    {
      field: metric.field.at('failureLimit'),
      message: 'failureLimit -1 without a consecutiveSuccessLimit: Argo refuses the metric',
      fix: 'set failureLimit: 0',
    },
  ];
}

function noDurations(metric: Metric): readonly Problem[] {
  return (['interval', 'initialDelay'] as const).flatMap((name) => {
    const text = metric.duration(name);
    if (text === undefined || text === '' || goDurationSeconds(text) !== undefined) return [];
    return [
      {
        field: metric.field.at(name),
        message: `"${text}" is no duration to Argo: the run ends in Error`,
        fix: 'write a number and a unit: 60s, 5m, 1h30m',
      },
    ];
  });
}
