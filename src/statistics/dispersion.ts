import type { TailCounts } from './change-point-mixture.js';
import { plainShares } from './population-stability-index.js';
import { addInto, sum } from './sums.js';

/** How much more than independent requests the baseline's events vary. */
export interface Dispersion {
  /** Variance of the baseline's counts over the binomial one (1 where it cannot be estimated). */
  readonly baseline: number;
  /** Intra-class correlation of requests of one look, 0 or more. */
  readonly correlation: number;
}

export const noDispersion: Dispersion = { baseline: 1, correlation: 0 };

/**
 * Overdispersion of the baseline's looks: phi = sum of (e - n p)² / (n p (1 - p)) over k-1, and from it the
 * correlation max(0, (phi - 1) / (n - 1)) with n the mean size. None with fewer than two looks with traffic, no
 * event, nothing but events, or a mean size of 1 or less.
 */
export function baselineDispersion(looks: readonly TailCounts[]): Dispersion {
  const withTraffic = looks.filter((look) => look.trials > 0);
  let trials = 0;
  let events = 0;
  for (const look of withTraffic) {
    trials += look.trials;
    events += look.events;
  }
  const rate = events / trials;
  const meanSize = trials / withTraffic.length;
  if (withTraffic.length < 2 || !(rate > 0 && rate < 1) || meanSize <= 1) return noDispersion;
  let total = 0;
  for (const look of withTraffic) {
    const variance = look.trials * rate * (1 - rate);
    // Counts so small that their product vanishes say nothing.
    if (variance > 0) total += (look.events - look.trials * rate) ** 2 / variance;
  }
  const baseline = total / (withTraffic.length - 1);
  return { baseline, correlation: Math.max(0, (baseline - 1) / (meanSize - 1)) };
}

/** The dispersion of looks of another mean size under the same correlation: max(1, 1 + (n - 1) icc). */
export function dispersionAtSize(dispersion: Dispersion, meanSize: number): number {
  return Math.max(1, 1 + (meanSize - 1) * dispersion.correlation);
}

/**
 * Overdispersion of prediction histograms from look to look: the mean over consecutive pairs of
 * sum (p_t - p_(t-1))² / q / ((1/m_t + 1/m_(t-1)) (B - 1)), q the shares pooled over all looks, bins with q = 0 left
 * out; at least 1.
 *
 * @returns the dispersion, or undefined with fewer than `minimumPairs` pairs: independence is then not checked
 */
export function predictionDispersion(
  histograms: readonly (readonly number[])[],
  minimumPairs = 10,
): number | undefined {
  const filled = histograms
    .map((counts) => ({ counts, total: counts.reduce((a, b) => a + b, 0) }))
    .filter(({ total }) => total > 0);
  if (filled.length - 1 < minimumPairs) return undefined;
  const length = filled[0]?.counts.length ?? 0;
  const pooledTotal = filled.reduce((total, look) => total + look.total, 0);
  const pooled = Array.from(
    { length },
    (_, j) => filled.reduce((total, look) => total + (look.counts[j] ?? 0), 0) / pooledTotal,
  );
  const bins = pooled.filter((share) => share > 0).length;
  if (bins < 2) return undefined;
  let total = 0;
  for (let t = 1; t < filled.length; t++) {
    const now = filled[t];
    const then = filled[t - 1];
    if (now === undefined || then === undefined) continue;
    let distance = 0;
    pooled.forEach((share, j) => {
      if (share === 0) return;
      distance += ((now.counts[j] ?? 0) / now.total - (then.counts[j] ?? 0) / then.total) ** 2 / share;
    });
    total += distance / ((1 / now.total + 1 / then.total) * (bins - 1));
  }
  return Math.max(1, total / (filled.length - 1));
}

/** Prediction histograms of both arms in one look, on the same bins. */
export interface HistogramPair {
  readonly canary: readonly number[];
  readonly stable: readonly number[];
}

/**
 * How much more the difference between the two arms varies from look to look than independent predictions do. With
 * d_t = p_t - q_t the shares' difference in look t: the mean over consecutive pairs of sum_j (d_tj - d_(t-1)j)² / q_j
 * over its expectation sum_j [p_j (1 - p_j) (1/n_t + 1/n_(t-1)) + q_j (1 - q_j) (1/m_t + 1/m_(t-1))] / q_j, p and q pooled
 * over the looks; at least 1. A constant drift cancels in the differences, and so does any movement that both arms go
 * through; predictions that come in clumps do not.
 *
 * @returns the dispersion, or undefined with fewer than `minimumPairs` pairs
 */
export function pairedHistogramDispersion(
  looks: readonly HistogramPair[],
  minimumPairs = 10,
): number | undefined {
  const filled = looks
    .map(({ canary, stable }) => ({ canary, stable, n: sum(canary), m: sum(stable) }))
    .filter(({ n, m }) => n > 0 && m > 0);
  if (filled.length - 1 < minimumPairs) return undefined;
  const canaryShares = pooledShares(filled.map(({ canary }) => canary));
  const stableShares = pooledShares(filled.map(({ stable }) => stable));
  const bins = stableShares.map((_, j) => j).filter((j) => (stableShares[j] ?? 0) > 0);
  if (bins.length < 2) return undefined;
  const spread = (shares: readonly number[]) =>
    sum(bins.map((j) => ((shares[j] ?? 0) * (1 - (shares[j] ?? 0))) / (stableShares[j] ?? 1)));
  const [canarySpread, stableSpread] = [spread(canaryShares), spread(stableShares)];
  let total = 0;
  for (let t = 1; t < filled.length; t++) {
    const now = filled[t];
    const then = filled[t - 1];
    if (now === undefined || then === undefined) continue;
    const difference = (look: typeof now, j: number) =>
      (look.canary[j] ?? 0) / look.n - (look.stable[j] ?? 0) / look.m;
    const distance = sum(
      bins.map((j) => (difference(now, j) - difference(then, j)) ** 2 / (stableShares[j] ?? 1)),
    );
    total += distance / (canarySpread * (1 / now.n + 1 / then.n) + stableSpread * (1 / now.m + 1 / then.m));
  }
  return Math.max(1, total / (filled.length - 1));
}

function pooledShares(histograms: readonly (readonly number[])[]): readonly number[] {
  const pooled: number[] = [];
  for (const counts of histograms) addInto(pooled, counts);
  return plainShares(pooled);
}
