import { binned } from './expected-arm.js';
import { sumOf, type Tally, type ValueCounts } from './tally.js';

/** How a simulated pod shows what it counts. */
export interface Exposure {
  readonly latency:
    | {
        readonly kind: 'classic';
        readonly unit: 's' | 'ms';
        /** As the text of `le` that the pod writes: clients differ in how they write whole numbers. */
        readonly bounds: readonly string[];
      }
    | { readonly kind: 'native'; readonly schema: number }
    | { readonly kind: 'summary' };
  /** Whether series of failures are there with 0 before anything failed, or only from the first failure on. */
  readonly failureSeries: 'from-the-start' | 'when-first-seen';
  /** The metric that tells when the process began. */
  readonly startMetric?: string;
}

/** A native histogram as remote write takes it. */
export interface NativeSample {
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  /** Counts by number of the bucket, ascending: bucket i ends at 2 ^ (i / 2 ^ schema), which belongs to it. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** One series of a pod as one scrape finds it. */
export interface ExposedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | NativeSample;
}

export const scoreEdgeTexts = ['0.1', '0.3', '0.5', '0.7', '0.9', '1'];
export const defaultBoundTexts = ['0.005', '0.01', '0.025', '0.07', '0.1', '0.25', '0.5', '1', '2.5', '10'];

export const defaultExposure: Exposure = {
  latency: { kind: 'classic', unit: 's', bounds: defaultBoundTexts },
  failureSeries: 'when-first-seen',
  startMetric: 'process_start_time_seconds',
};

/** All series of a pod that has served this much. */
export function exposedSeries(tally: Tally, exposure: Exposure, startedMs: number): readonly ExposedSeries[] {
  const codes = new Map(tally.codes);
  if (exposure.failureSeries === 'from-the-start') {
    for (const code of ['200', '404', '500', '503']) codes.set(code, codes.get(code) ?? 0);
  }
  return [
    ...[...codes].map(([code, value]) => series('http_requests_total', value, { code })),
    ...latencySeries(tally, exposure.latency),
    ...classicHistogram('model_score', tally.scores, scoreEdgeTexts),
    ...[...tally.labels].map(([label, value]) => series('model_predictions_total', value, { class: label })),
    series('model_successes_total', tally.requests - tally.errors),
    series('model_failures_total', tally.errors),
    series('model_outcomes_total', sumOf(tally.outcomes)),
    series('model_outcome_amount_total', weightedSum(tally.outcomes)),
    series('model_outcome_amount_squares_total', weightedSum(squared(tally.outcomes))),
    ...(exposure.startMetric === undefined ? [] : [series(exposure.startMetric, startedMs / 1000)]),
  ];
}

/** The bounds of an exposure in milliseconds; none where it has no classic buckets. */
export function boundsMsOf({ latency }: Exposure): readonly number[] | undefined {
  if (latency.kind !== 'classic') return undefined;
  const factor = latency.unit === 's' ? 1000 : 1;
  // A bound such as 0.07 s is 70 ms, not 70.00000000000001.
  return latency.bounds.map((bound) => Number((Number(bound) * factor).toPrecision(12)));
}

function latencySeries(tally: Tally, latency: Exposure['latency']): readonly ExposedSeries[] {
  const seconds = new Map([...tally.latenciesMs].map(([ms, count]) => [ms / 1000, count]));
  switch (latency.kind) {
    case 'classic':
      return latency.unit === 's'
        ? classicHistogram('http_request_duration_seconds', seconds, latency.bounds)
        : classicHistogram('http_request_duration_milliseconds', tally.latenciesMs, latency.bounds);
    case 'native':
      return [series('http_request_duration_seconds', nativeSample(seconds, latency.schema))];
    case 'summary':
      return [
        ...['0.5', '0.99'].map((quantile) =>
          series('http_request_duration_seconds', quantileOf(seconds, Number(quantile)), { quantile }),
        ),
        series('http_request_duration_seconds_sum', weightedSum(seconds)),
        series('http_request_duration_seconds_count', sumOf(seconds)),
      ];
  }
}

function classicHistogram(
  name: string,
  values: ValueCounts<number>,
  bounds: readonly string[],
): readonly ExposedSeries[] {
  const counts = binned(values, bounds.map(Number));
  let cumulative = 0;
  return [
    ...[...bounds, '+Inf'].map((le, index) => {
      cumulative += counts[index] ?? 0;
      return series(`${name}_bucket`, cumulative, { le });
    }),
    series(`${name}_sum`, weightedSum(values)),
    series(`${name}_count`, cumulative),
  ];
}

function nativeSample(values: ValueCounts<number>, schema: number): NativeSample {
  const buckets = new Map<number, number>();
  for (const [value, count] of values) {
    const index = Math.ceil(Math.log2(value) * 2 ** schema);
    buckets.set(index, (buckets.get(index) ?? 0) + count);
  }
  return {
    schema,
    count: sumOf(values),
    sum: weightedSum(values),
    buckets: [...buckets].sort(([left], [right]) => left - right),
  };
}

function quantileOf(values: ValueCounts<number>, quantile: number): number {
  let left = quantile * sumOf(values);
  for (const [value, count] of [...values].sort(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return value;
  }
  return NaN;
}

function weightedSum(values: ValueCounts<number>): number {
  let sum = 0;
  for (const [value, count] of values) sum += value * count;
  return sum;
}

function squared(values: ValueCounts<number>): ValueCounts<number> {
  return new Map([...values].map(([value, count]) => [value * value, count]));
}

function series(
  name: string,
  value: number | NativeSample,
  labels: Readonly<Record<string, string>> = {},
): ExposedSeries {
  return { labels: { __name__: name, ...labels }, value };
}
