import { sum } from './sums.js';

/**
 * The population stability index of two histograms and what chance does to it.
 *
 * PSI = sum over bins of (p - q) ln(p / q) = KL(p || q) + KL(q || p), the Jeffreys divergence in nats: p the
 * canary's shares, q the reference's. Null law: about (1/N + 1/M) times a chi-square with B-1 degrees of freedom
 * (Yurdakul 2018), so its mean under "no drift" is (B-1)(1/N + 1/M), not 0.
 */
export function populationStabilityIndex(p: readonly number[], q: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < p.length; i++) total += psiContribution(p[i] ?? 0, q[i] ?? 0);
  return total;
}

/** What one bin adds to the PSI; infinite where just one of the shares is 0. */
export function psiContribution(p: number, q: number): number {
  return p === q ? 0 : (p - q) * Math.log(p / q);
}

/** Shares of a histogram without smoothing. All 0 where there are no counts. */
export function plainShares(counts: readonly number[]): number[] {
  const total = sum(counts);
  return counts.map((count) => (total > 0 ? count / total : 0));
}

/**
 * Shares with `pseudoCount` added to every bin. One half (Jeffreys' prior, the default) is closest to the null
 * law at small counts and never gives an empty bin; 1 is Laplace's rule.
 */
export function smoothedShares(counts: readonly number[], pseudoCount = 0.5): number[] {
  const total = sum(counts) + pseudoCount * counts.length;
  return counts.map((count) => (count + pseudoCount) / total);
}

/** c = 1/N + 1/M: the scale of the PSI's null law. `stableTotal` may be infinite (a reference known exactly). */
export function samplingScale(canaryTotal: number, stableTotal: number): number {
  return 1 / canaryTotal + 1 / stableTotal;
}

/** Mean of the PSI when nothing drifts: (B-1) c. */
export function nullBias(bins: number, scale: number): number {
  return (bins - 1) * scale;
}

/**
 * The second-order bias with the shares plugged in: [B-2+sum q/p]/(2N) + [B-2+sum p/q]/(2M). It over-corrects at
 * small N, so {@link nullBias} is what is subtracted.
 */
export function plugInBias(
  p: readonly number[],
  q: readonly number[],
  canaryTotal: number,
  stableTotal: number,
): number {
  const bins = p.length;
  let overP = 0;
  let overQ = 0;
  for (let i = 0; i < bins; i++) {
    overP += (q[i] ?? 0) / (p[i] ?? 0);
    overQ += (p[i] ?? 0) / (q[i] ?? 0);
  }
  return (bins - 2 + overP) / (2 * canaryTotal) + (bins - 2 + overQ) / (2 * stableTotal);
}

/**
 * Variance of the PSI by the delta method: the variance of g = ln(p/q) + 1 - q/p under p over N, plus that of
 * h = ln(q/p) + 1 - p/q under q over M.
 */
export function deltaVariance(
  p: readonly number[],
  q: readonly number[],
  canaryTotal: number,
  stableTotal: number,
): number {
  return gradientVariance(p, q) / canaryTotal + gradientVariance(q, p) / stableTotal;
}

function gradientVariance(p: readonly number[], q: readonly number[]): number {
  let first = 0;
  let second = 0;
  for (let i = 0; i < p.length; i++) {
    const share = p[i] ?? 0;
    const ratio = (q[i] ?? 0) / share;
    const gradient = -Math.log(ratio) + 1 - ratio;
    first += share * gradient;
    second += share * gradient * gradient;
  }
  return second - first * first;
}

/**
 * The variance that a bet against "PSI = theta" uses: the delta variance kept within 4 theta c and 8 theta c,
 * plus the null part 2 (B-1) c². Without the lower end near-empty bins make the bet too sure of itself.
 */
export function bettingVariance(variance: number, theta: number, scale: number, bins: number): number {
  const clipped = Math.min(Math.max(variance, 4 * theta * scale), 8 * theta * scale);
  return clipped + 2 * (bins - 1) * scale * scale;
}
