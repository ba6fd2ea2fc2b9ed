/** How often a metric is measured, and what its limits make of the measurements. */
import type { FieldError } from '../../../src/domain/errors.js';
import type { Metric } from '../argo-documents.js';
import { goDurationSeconds } from '../go-duration.js';

/** What Argo uses for a limit that is not given. */
const defaults = {
  consecutiveSuccessLimit: 0,
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
};

const limitNames = [
  'count',
  'consecutiveSuccessLimit',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
] as const;

/** A whole number from a number or its text; undefined for anything else, as `{{args.count}}`. */
export function wholeNumber(value: number | string | undefined): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** What the controller refuses when it validates a metric: the run would end in Error, and the rollout abort. */
export function checkMetricLimits(metric: Metric, at: string): readonly FieldError[] {
  const found: FieldError[] = [];
  const report = (field: string, message: string) => found.push({ path: `${at}.${field}`, message });

  for (const field of limitNames) {
    if (metric[field] !== undefined && wholeNumber(metric[field]) === undefined)
      report(field, 'expected a whole number');
  }
  for (const field of ['interval', 'initialDelay'] as const) {
    const text = metric[field];
    if (text !== undefined && goDurationSeconds(text) === undefined)
      report(field, 'expected a duration such as 60s');
  }

  const count = wholeNumber(metric.count) ?? 0;
  const { consecutiveSuccessLimit, failureLimit, inconclusiveLimit, consecutiveErrorLimit } =
    limitsOf(metric);
  if (consecutiveSuccessLimit < 0) report('consecutiveSuccessLimit', 'expected 0 or more');
  if (failureLimit < -1) report('failureLimit', 'expected 0 or more, or -1 to disable it');
  if (failureLimit === -1 && consecutiveSuccessLimit === 0) {
    report('failureLimit', 'may be disabled only with a consecutiveSuccessLimit');
  }
  if (inconclusiveLimit < 0) report('inconclusiveLimit', 'expected 0 or more');
  if (consecutiveErrorLimit < 0) report('consecutiveErrorLimit', 'expected 0 or more');
  if (count > 0 && count < Math.max(failureLimit, 0) + consecutiveSuccessLimit) {
    report('count', 'expected at least failureLimit + consecutiveSuccessLimit');
  }
  if (count > 1 && metric.interval === undefined) report('interval', 'missing; needed with a count above 1');
  return found;
}

/**
 * What Argo accepts and this project does not, because then something other than a proven verdict decides: holds that
 * add up to a promotion, an outage of a minute that aborts.
 */
export function checkMetricDecides(metric: Metric, at: string): readonly FieldError[] {
  const found: FieldError[] = [];
  const report = (field: string, message: string) => found.push({ path: `${at}.${field}`, message });

  const count = wholeNumber(metric.count);
  const { consecutiveSuccessLimit, failureLimit, inconclusiveLimit, consecutiveErrorLimit } =
    limitsOf(metric);
  if (metric.successCondition === undefined)
    report('successCondition', 'missing; without it a hold fails or succeeds');
  if (metric.failureCondition === undefined)
    report('failureCondition', 'missing; without it a hold fails or succeeds');
  if (metric.count === undefined && metric.interval !== undefined) {
    report('count', 'missing; with an interval alone an analysis step never ends');
  }
  if (count !== undefined) {
    if (consecutiveSuccessLimit < 1) {
      report('consecutiveSuccessLimit', 'missing; without it a metric that reaches its count is Successful');
    }
    if (failureLimit >= count)
      report('failureLimit', `expected less than count (${count}), or it is never exceeded`);
    if (inconclusiveLimit >= count) {
      report('inconclusiveLimit', `expected less than count (${count}), or the run ends without a message`);
    }
  }
  return [...found, ...checkErrorLimit(consecutiveErrorLimit, at)];
}

/**
 * What decides in the background: only a proven rollback may end the run, since a run that has ended is not started
 * again, and a hold may not pause the rollout.
 */
export function checkMetricWatches(metric: Metric, at: string): readonly FieldError[] {
  const found: FieldError[] = [];
  const report = (field: string, message: string) => found.push({ path: `${at}.${field}`, message });

  if (metric.failureCondition === undefined) report('failureCondition', 'missing; nothing would roll back');
  if (metric.successCondition !== undefined)
    report('successCondition', 'with it a hold is Inconclusive and pauses the rollout');
  if (metric.interval === undefined) report('interval', 'missing; it would be measured once');
  for (const field of ['count', 'consecutiveSuccessLimit'] as const) {
    if (metric[field] !== undefined)
      report(field, 'ends the run, and the rest of the rollout goes unwatched');
  }
  const { failureLimit, consecutiveErrorLimit } = limitsOf(metric);
  if (failureLimit !== 0) report('failureLimit', 'expected 0: a rollback has its evidence with it');
  return [...found, ...checkErrorLimit(consecutiveErrorLimit, at)];
}

function checkErrorLimit(limit: number, at: string): readonly FieldError[] {
  if (limit > defaults.consecutiveErrorLimit) return [];
  const message = 'expected more than 4: errors come every 10 s, and too many abort the rollout';
  return [{ path: `${at}.consecutiveErrorLimit`, message }];
}

/** How long a metric may be measured if nothing decides earlier, in seconds; infinite without a count. */
export function longestSeconds(metric: Metric): number {
  const interval = goDurationSeconds(metric.interval ?? '0s') ?? 0;
  return metric.count === undefined && metric.interval !== undefined
    ? Infinity
    : interval * (wholeNumber(metric.count) ?? 1);
}

function limitsOf(metric: Metric): typeof defaults {
  return {
    consecutiveSuccessLimit: wholeNumber(metric.consecutiveSuccessLimit) ?? defaults.consecutiveSuccessLimit,
    failureLimit: wholeNumber(metric.failureLimit) ?? defaults.failureLimit,
    inconclusiveLimit: wholeNumber(metric.inconclusiveLimit) ?? defaults.inconclusiveLimit,
    consecutiveErrorLimit: wholeNumber(metric.consecutiveErrorLimit) ?? defaults.consecutiveErrorLimit,
  };
}
