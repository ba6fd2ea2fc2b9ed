import incompleteGamma from '@stdlib/math-base-special-gammainc';
import { sum } from './sums.js';

/** Other distances between two histograms, shown beside the PSI as context; none of them decides anything. */

/** Jensen-Shannon distance in the given base: the square root of the divergence, from 0 to 1 in base 2. */
export function jensenShannonDistance(p: readonly number[], q: readonly number[], base = 2): number {
  let divergence = 0;
  for (let i = 0; i < p.length; i++) {
    const left = p[i] ?? 0;
    const right = q[i] ?? 0;
    const middle = (left + right) / 2;
    if (left > 0) divergence += (left * Math.log(left / middle)) / 2;
    if (right > 0) divergence += (right * Math.log(right / middle)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence) / Math.log(base));
}

/** The largest difference of the cumulative shares: a lower bound of the Kolmogorov-Smirnov statistic. */
export function largestCumulativeDifference(p: readonly number[], q: readonly number[]): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < p.length; i++) {
    difference += (p[i] ?? 0) - (q[i] ?? 0);
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}

/**
 * Wasserstein distance of order 1 in the unit of the edges: sum over the bins between two finite edges of |F - G| at
 * their upper edge times their width. What the open bins at both ends hold counts as lying on their edge, so it is a
 * lower bound.
 *
 * @param p shares, one more than there are edges
 * @param edges ascending, at least two
 */
export function wassersteinDistance(
  p: readonly number[],
  q: readonly number[],
  edges: readonly number[],
): number {
  let difference = (p[0] ?? 0) - (q[0] ?? 0);
  let distance = 0;
  for (let i = 1; i < edges.length; i++) {
    difference += (p[i] ?? 0) - (q[i] ?? 0);
    distance += Math.abs(difference) * ((edges[i] ?? 0) - (edges[i - 1] ?? 0));
  }
  return distance;
}

/** Hellinger distance, from 0 to 1. */
export function hellingerDistance(p: readonly number[], q: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < p.length; i++) total += (Math.sqrt(p[i] ?? 0) - Math.sqrt(q[i] ?? 0)) ** 2;
  return Math.sqrt(total / 2);
}

/** A test statistic and its fixed-sample p-value: true for a single look only. */
export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

/** Pearson's chi-square test that two histograms come from one distribution; B-1 degrees of freedom. */
export function pearsonTest(canary: readonly number[], stable: readonly number[]): TestResult {
  return homogeneityTest(canary, stable, (observed, expected) => (observed - expected) ** 2 / expected);
}

/** The likelihood-ratio (G) test of the same. */
export function gTest(canary: readonly number[], stable: readonly number[]): TestResult {
  return homogeneityTest(canary, stable, (observed, expected) =>
    observed > 0 ? 2 * observed * Math.log(observed / expected) : 0,
  );
}

function homogeneityTest(
  canary: readonly number[],
  stable: readonly number[],
  term: (observed: number, expected: number) => number,
): TestResult {
  const canaryTotal = sum(canary);
  const stableTotal = sum(stable);
  let statistic = 0;
  for (let i = 0; i < canary.length; i++) {
    const c = canary[i] ?? 0;
    const s = stable[i] ?? 0;
    const share = (c + s) / (canaryTotal + stableTotal);
    if (share > 0) statistic += term(c, share * canaryTotal) + term(s, share * stableTotal);
  }
  return { statistic, pValue: chiSquareTail(statistic, canary.length - 1) };
}

/** P(chi-square > x): the upper tail itself, since 1 minus the cdf is 0 where it matters; 1 for a single bin. */
function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom < 1) return 1;
  return incompleteGamma(x / 2, degreesOfFreedom / 2, true, true);
}
