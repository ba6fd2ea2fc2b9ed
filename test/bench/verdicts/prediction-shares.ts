import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { bisect } from '../../../src/statistics/bisect.js';
import { populationStabilityIndex } from '../../../src/statistics/population-stability-index.js';

/** Deciles of the standard normal distribution above 0. */
const upperDeciles = [0.2533471031357997, 0.5244005127080409, 0.8416212335729143, 1.2815515655446004];
const deciles = [...upperDeciles.map((decile) => -decile).reverse(), 0, ...upperDeciles];

/** Edges of the simulated histograms of scores: each bin holds a tenth of what a healthy model answers. */
export const scoreEdges: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Shares of the predictions in the ten bins. A score is the normal probability of a hidden value, whose distribution
 * is standard normal for a healthy model.
 *
 * @param shift of the hidden value's mean, in its standard deviations
 * @param spread standard deviation of the hidden value
 */
export function predictionShares(shift = 0, spread = 1): readonly number[] {
  if (shift === 0 && spread === 1) return scoreEdges.map(() => 0.1).concat(0.1);
  const below = [0, ...deciles.map((decile) => normalCdf(decile, shift, spread)), 1];
  return below.slice(1).map((share, index) => share - (below[index] ?? 0));
}

/** The shift at which the predictions have this PSI against a healthy model's. */
export function shiftWithPsi(psi: number): number {
  const healthy = predictionShares();
  return bisect((shift) => populationStabilityIndex(predictionShares(shift), healthy) < psi, 0, 3);
}
