import { normalCdf, normalQuantile } from './normal-distribution.js';

/**
 * The shares of a lognormal variable above each of some bounds.
 *
 * @param value where its `quantile` lies
 * @param sigma standard deviation of its natural log
 */
export function lognormalTails(
  bounds: readonly number[],
  quantile: number,
  value: number,
  sigma: number,
): number[] {
  const score = normalQuantile(quantile);
  return bounds.map((bound) => normalCdf(-(Math.log(bound / value) / sigma + score)));
}
