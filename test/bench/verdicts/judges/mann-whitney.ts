import { mean } from 'd3-array';
import type { SortedDifferences } from './sorted-differences.js';

export type Classification = 'pass' | 'high' | 'low' | 'no-data';

export interface MannWhitneySettings {
  /** Which change counts against the canary. */
  readonly direction: 'increase' | 'decrease' | 'either';
  /** z of the two-sided interval: 2.326 for 98 %. */
  readonly z: number;
  /** The interval must lie beyond this part of the shift itself. */
  readonly tolerance: number;
}

/** The 99 % point of the normal distribution: an interval of 98 %. */
export const z98 = 2.3263478740408408;

/** Confidence .98 and tolerance .25, as Kayenta's Netflix judge has them built in. */
export function netflixSettings(direction: MannWhitneySettings['direction']): MannWhitneySettings {
  return { direction, z: z98, tolerance: 0.25 };
}

/** Interval and point estimate of how far the left sample lies above the right one. */
export interface LocationShift {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/**
 * The shift of one sample against another by the Mann-Whitney statistic in its normal approximation, with corrections
 * for ties and continuity. The statistic is a step function of the shift, so the points where it crosses +z, 0 and -z
 * are differences between two points of the samples: they are read off directly instead of searched for.
 */
export function locationShift(samples: SortedDifferences, z: number): LocationShift {
  const { left, right, values } = samples;
  const pairs = values.length;
  const size = left.length + right.length;
  const ties = tieSum(left) + tieSum(right);
  const deviation = Math.sqrt((pairs / 12) * (size + 1 - ties / (size * (size - 1))));
  const needed = pairs / 2 + 0.5 + z * deviation;
  // The shift at which so many pairs are still above it; none: the end of the range of differences.
  const low = values[Math.max(0, pairs - Math.ceil(needed))] ?? NaN;
  const high = values[Math.min(pairs - 1, Math.ceil(needed) - 1)] ?? NaN;
  const middle = (pairs - 1) / 2;
  const estimate = ((values[Math.floor(middle)] ?? NaN) + (values[Math.ceil(middle)] ?? NaN)) / 2;
  return { low, estimate, high };
}

/**
 * How Kayenta's Netflix judge classifies one metric, re-stated from its published description: `high` where the
 * interval of the shift lies above the tolerance times the estimate and the ratio of the means is at least 1 (a ratio
 * that is no number counts as such), `low` likewise below. That identical samples and a single value overall pass needs
 * no rule of its own: their interval contains 0.
 */
export function classifyMetric(samples: SortedDifferences, settings: MannWhitneySettings): Classification {
  const { left, right } = samples;
  if (left.length === 0 || right.length === 0) return 'no-data';
  const { low, estimate, high } = locationShift(samples, settings.z);
  const bound = settings.tolerance * Math.abs(estimate);
  const ratio = meanRatio(left, right);
  if (settings.direction !== 'decrease' && low > bound && !(ratio < 1)) return 'high';
  if (settings.direction !== 'increase' && high < -bound && !(ratio > 1)) return 'low';
  return 'pass';
}

/** NaN where either mean is 0. */
function meanRatio(left: readonly number[], right: readonly number[]): number {
  const above = mean(left) ?? 0;
  const below = mean(right) ?? 0;
  return above === 0 || below === 0 ? NaN : above / below;
}

/** Sum of t³ - t over groups of t equal points. */
function tieSum(points: readonly number[]): number {
  const groups = new Map<number, number>();
  for (const point of points) groups.set(point, (groups.get(point) ?? 0) + 1);
  let total = 0;
  for (const tied of groups.values()) total += tied ** 3 - tied;
  return total;
}
