import { defaultSeries, type ArmCounts } from '../../../../src/domain/observations.js';
import { bucketQuantile } from '../../../../src/statistics/bucket-quantile.js';
import { sum } from '../../../../src/statistics/sums.js';
import type { MannWhitneySettings } from './mann-whitney.js';

/** One number a minute: what a judge of time series sees of a guardrail. */
export interface MinuteMetric {
  readonly name: string;
  readonly direction: MannWhitneySettings['direction'];
  /** Undefined where there is no such number in this minute. */
  readonly read: (arm: ArmCounts) => number | undefined;
}

/** The four guardrails of the default policy as time series. */
export const minuteMetrics: readonly MinuteMetric[] = [
  {
    name: 'error rate',
    direction: 'increase',
    read: ({ errors, requests }) => (requests > 0 ? errors / requests : undefined),
  },
  {
    name: 'p99',
    direction: 'increase',
    read: ({ latency }) =>
      latency === undefined
        ? undefined
        : bucketQuantile(latency.boundsMs, latency.counts, 0.99, 'linear')?.value,
  },
  { name: 'mean score', direction: 'either', read: meanScore },
  {
    name: 'mean outcome',
    direction: 'decrease',
    read: meanOutcome(defaultSeries),
  },
];

/** Reads the mean of a named outcome. */
export function meanOutcome(name: string): MinuteMetric['read'] {
  return ({ outcomes }) => {
    const totals = outcomes.get(name);
    return totals === undefined || totals.count === 0 ? undefined : totals.sum / totals.count;
  };
}

/** The mean with every score at the middle of its bin of a tenth. */
function meanScore({ predictions }: ArmCounts): number | undefined {
  const counts = predictions.get(defaultSeries)?.counts ?? [];
  const total = sum(counts);
  if (total === 0) return undefined;
  return counts.reduce((mean, count, bin) => mean + (count / total) * ((bin + 0.5) / counts.length), 0);
}
