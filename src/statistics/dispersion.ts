import type { TailCounts } from './change-point-mixture.js';

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
    total += (look.events - look.trials * rate) ** 2 / (look.trials * rate * (1 - rate));
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
