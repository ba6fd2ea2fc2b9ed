import { normal975 } from './single-look-intervals.js';

/** Mean and variance of an outcome over its exposures. */
export interface OutcomeMoments {
  readonly count: number;
  readonly mean: number;
  /** Unbiased variance of one outcome, 0 with fewer than two of them. */
  readonly variance: number;
}

/** Moments from running totals; count must be above 0. */
export function outcomeMoments(count: number, total: number, sumOfSquares: number): OutcomeMoments {
  const mean = total / count;
  const variance = count < 2 ? 0 : (Math.max(0, sumOfSquares / count - mean * mean) * count) / (count - 1);
  return { count, mean, variance };
}

/**
 * One arm of a comparison that may be standardised over stages: the mean, the variance of one outcome, and the
 * variance of the mean.
 */
export interface ComparedMean {
  readonly mean: number;
  readonly varianceOfMean: number;
}

/**
 * The 95 % interval of canary / stable - 1 by Fieller's theorem: the ratios that the contrast mc - r mb does not
 * reject. True for a single look; null where stable's mean is not told apart from 0.
 */
export function fiellerInterval(
  canary: ComparedMean,
  stable: ComparedMean,
  z = normal975,
): readonly [number, number] | null {
  const a = stable.mean ** 2 - z * z * stable.varianceOfMean;
  if (!(a > 0)) return null;
  const b = canary.mean * stable.mean;
  const c = canary.mean ** 2 - z * z * canary.varianceOfMean;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return [(b - root) / a - 1, (b + root) / a - 1];
}

/** Variance of canary / stable - 1 by the delta method. */
export function relativeChangeVariance(canary: ComparedMean, stable: ComparedMean): number {
  const ratio = canary.mean / stable.mean;
  return (canary.varianceOfMean + ratio * ratio * stable.varianceOfMean) / stable.mean ** 2;
}
