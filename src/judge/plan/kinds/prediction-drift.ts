import { numberField } from '../../../domain/fields.js';
import type { PredictionCounts } from '../../../domain/observations.js';
import { trimNumber } from '../../../domain/units.js';
import { findRoot } from '../../../statistics/find-root.js';
import { noncentralChiSquareQuantile } from '../../../statistics/noncentral-chi-square.js';
import {
  populationStabilityIndex,
  samplingScale,
  smoothedShares,
} from '../../../statistics/population-stability-index.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';

interface DriftSettings {
  readonly rollbackAbove: number;
  readonly bins: number;
  readonly output: string;
}

/** Healthy is no drift, faulty 1.25 times the rollback limit: a shift over bins that stable fills evenly. */
export const predictionDriftPlanning: GuardrailPlanning<DriftSettings> = {
  qualityField: () => numberField({ min: 0 }, 'a PSI of 0 or more such as 0.25'),
  assumedQuality: ({ rollbackAbove }, health) => (health === 'healthy' ? 0 : 1.25 * rollbackAbove),
  formatQuality: (quality) => `PSI ${trimNumber(quality)}`,
  armsOf: ({ quality, chance, samples }, { bins, output }) => {
    const even = new Array<number>(bins).fill(1 / bins);
    const index = shownIndex(quality, bins, samples, chance);
    const predicted = (shares: readonly number[]) =>
      plannedArm({ predictions: new Map([[output, scored(shares)]]) });
    return { canary: predicted(shiftedShares(even, index, samples)), stable: predicted(even) };
  },
};

/** The uncorrected PSI that chance shows of a true one: about a noncentral chi-square times 1/N + 1/M. */
function shownIndex(
  quality: number,
  bins: number,
  { canary, stable }: { readonly canary: number; readonly stable: number },
  chance: number,
): number {
  if (!(canary > 0 && stable > 0)) return quality;
  const scale = samplingScale(canary, stable);
  return scale * noncentralChiSquareQuantile(chance, bins - 1, quality / scale);
}

/**
 * Shares with a given smoothed PSI against others: these tilted towards one end, q_j exp(t x_j) with x from -1 to 1.
 * Where no tilt reaches it, the strongest.
 */
export function shiftedShares(
  shares: readonly number[],
  index: number,
  samples: { readonly canary: number; readonly stable: number },
): readonly number[] {
  const smoothed = (of: readonly number[], count: number) =>
    count > 0 ? smoothedShares(of.map((share) => share * count)) : of;
  const stable = smoothed(shares, samples.stable);
  const tilted = (tilt: number) => {
    const heights = shares.map((share, j) => share * Math.exp(tilt * ((2 * j) / (shares.length - 1) - 1)));
    const total = heights.reduce((sum, height) => sum + height, 0);
    return heights.map((height) => height / total);
  };
  const excess = (tilt: number) =>
    populationStabilityIndex(smoothed(tilted(tilt), samples.canary), stable) - index;
  return tilted(excess(0) >= 0 ? 0 : findRoot(excess, 0, 40, 1e-10));
}

function scored(shares: readonly number[]): PredictionCounts {
  const edges = shares.slice(1).map((_, j) => (j + 1) / shares.length);
  return { kind: 'scores', edges, counts: shares };
}
