import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** Bounds of the simulated histograms of request times, in milliseconds. */
export const latencyBoundsMs: readonly number[] = [50, 100, 200, 500, 1000];

/** The standard normal's 99 % point. */
const normal99 = 2.3263478740408408;

const known = new Map<number, readonly number[]>();

/** Shares of the requests in each bucket where their times are lognormal with sigma 1 and this 99th percentile. */
export function latencyShares(p99Ms: number): readonly number[] {
  const before = known.get(p99Ms);
  if (before !== undefined) return before;
  const mean = Math.log(p99Ms) - normal99;
  const below = [0, ...latencyBoundsMs.map((bound) => normalCdf(Math.log(bound), mean, 1)), 1];
  const shares = below.slice(1).map((share, index) => share - (below[index] ?? 0));
  known.set(p99Ms, shares);
  return shares;
}
