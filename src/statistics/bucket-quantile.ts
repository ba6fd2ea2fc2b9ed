import { sum } from './sums.js';

/** How counts are spread inside a bucket: evenly, or evenly on a logarithmic scale. */
export type Interpolation = 'linear' | 'exponential';

/**
 * The counts above each bound, from non-cumulative bucket counts: entry i is what lies above bounds[i].
 */
export function tailCounts(counts: readonly number[]): number[] {
  const tails: number[] = [];
  let above = sum(counts);
  for (let i = 0; i < counts.length - 1; i++) {
    above -= counts[i] ?? 0;
    tails.push(Math.max(0, above));
  }
  return tails;
}

/** Where a quantile lies. */
export interface BucketQuantile {
  readonly value: number;
  /** The bucket that holds it: (lower, upper], upper null for the open one. */
  readonly bracket: readonly [number, number | null];
  /** True in the open bucket: the value is the last bound, and the quantile is at least that. */
  readonly atLeast: boolean;
}

/**
 * A quantile from buckets: the first bucket whose cumulative count reaches q n (within 1e-9 n), interpolated
 * inside. The first bucket begins at 0 and is always linear; the open one gives the last bound.
 *
 * `linear` is Prometheus's `histogram_quantile`; `exponential` is what its native histograms do,
 * lo (hi/lo)^fraction, closer to the tails that latencies have.
 *
 * @returns undefined without any count
 */
export function bucketQuantile(
  bounds: readonly number[],
  counts: readonly number[],
  quantile: number,
  interpolation: Interpolation,
): BucketQuantile | undefined {
  const total = sum(counts);
  if (!(total > 0)) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (let i = 0; i < bounds.length; i++) {
    const inside = counts[i] ?? 0;
    if (below + inside >= rank - 1e-9 * total) {
      const lower = i === 0 ? 0 : (bounds[i - 1] ?? 0);
      const upper = bounds[i] ?? 0;
      const fraction = inside > 0 ? Math.min(1, Math.max(0, (rank - below) / inside)) : 1;
      const value =
        interpolation === 'exponential' && lower > 0
          ? lower * (upper / lower) ** fraction
          : lower + (upper - lower) * fraction;
      return { value, bracket: [lower, upper], atLeast: false };
    }
    below += inside;
  }
  const last = bounds.at(-1) ?? 0;
  return { value: last, bracket: [last, null], atLeast: true };
}

/**
 * How many lie above a threshold, interpolated inside its bucket: with x in (lo, hi],
 * S(lo) - (S(lo) - S(hi)) f, f = ln(x/lo)/ln(hi/lo), or (x-lo)/(hi-lo) where linear and in the first bucket.
 * Above the last bound it is the count above that bound: the most that could lie above x.
 */
export function countAbove(
  bounds: readonly number[],
  counts: readonly number[],
  threshold: number,
  interpolation: Interpolation,
): number {
  let above = sum(counts);
  for (let i = 0; i < bounds.length; i++) {
    const upper = bounds[i] ?? 0;
    const inside = counts[i] ?? 0;
    if (threshold <= upper) {
      const lower = i === 0 ? 0 : (bounds[i - 1] ?? 0);
      const fraction =
        interpolation === 'exponential' && lower > 0
          ? Math.log(threshold / lower) / Math.log(upper / lower)
          : (threshold - lower) / (upper - lower);
      return Math.max(0, above - inside * fraction);
    }
    above -= inside;
  }
  return Math.max(0, above);
}
