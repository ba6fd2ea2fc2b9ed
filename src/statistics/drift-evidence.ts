import { gammaln } from 'simple-statistics';
import { logBeta } from './log-beta.js';
import { sum } from './sums.js';

/**
 * Evidence (natural log of an e-value) that the arm of a prediction depends on its bin, within one stage.
 *
 * Two-sample beta-binomial mixture against the supremum over the unknown share (universal inference):
 * sum over bins of [ln B(a + c, b + s) - ln B(a, b)] - [N ln r + M ln(1 - r)], r = N / (N + M), a = kW,
 * b = k(1 - W), k = 1 / (0.25 W (1 - W)), a prior with a standard deviation of 0.5 on the log-odds. It needs
 * random routing with a constant share within the stage; drift of the inputs that both arms see is harmless.
 * Stages add up.
 *
 * @param weight the canary's share of the traffic, strictly between 0 and 1
 */
export function twoSampleDriftEvidence(
  canary: readonly number[],
  stable: readonly number[],
  weight: number,
): number {
  const concentration = 1 / (0.25 * weight * (1 - weight));
  const a = concentration * weight;
  const b = concentration * (1 - weight);
  const prior = logBeta(a, b);
  let evidence = 0;
  for (let i = 0; i < canary.length; i++) {
    evidence += logBeta(a + (canary[i] ?? 0), b + (stable[i] ?? 0)) - prior;
  }
  const canaryTotal = sum(canary);
  const stableTotal = sum(stable);
  const total = canaryTotal + stableTotal;
  return evidence - xLogY(canaryTotal, canaryTotal / total) - xLogY(stableTotal, stableTotal / total);
}

/**
 * Evidence that counts do not follow the given shares: Dirichlet-multinomial mixture against the multinomial
 * (Lindon & Malek 2022): lnG(k) - lnG(k+N) + sum [lnG(k q + c) - lnG(k q)] - sum c ln q.
 *
 * @param concentration k, how close to the shares the alternatives lie
 */
export function multinomialEvidence(
  counts: readonly number[],
  shares: readonly number[],
  concentration: number,
): number {
  let evidence = gammaln(concentration) - gammaln(concentration + sum(counts));
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    const share = shares[i] ?? 0;
    const prior = concentration * share;
    evidence += gammaln(prior + count) - gammaln(prior) - xLogY(count, share);
  }
  return evidence;
}

function xLogY(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(y);
}
