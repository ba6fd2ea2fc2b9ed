import { numberField } from '../../../domain/fields.js';
import type { PredictionCounts } from '../../../domain/observations.js';
import { trimNumber } from '../../../domain/units.js';
import { findRoot } from '../../../statistics/find-root.js';
import { noncentralChiSquareQuantile } from '../../../statistics/noncentral-chi-square.js';
import {
  plainShares,
  populationStabilityIndex,
  samplingScale,
  smoothedShares,
} from '../../../statistics/population-stability-index.js';
import { sum } from '../../../statistics/sums.js';
import { assumedReferenceTotal, type ReferenceHistogram } from '../../guardrails/drift-settings.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';

interface DriftSettings {
  readonly rollbackAbove: number;
  readonly bins: number;
  readonly reference: 'stable' | ReferenceHistogram;
  readonly output: string;
}

/**
 * Healthy is no drift, faulty 1.25 times the rollback limit: a shift towards the last bins. What the canary is compared
 * with is a stable version that fills the policy's number of bins evenly, or the fixed reference.
 */
export const predictionDriftPlanning: GuardrailPlanning<DriftSettings> = {
  qualityField: () => numberField({ min: 0, max: 100 }, 'a PSI from 0 to 100 such as 0.25'),
  assumedQuality: ({ rollbackAbove }, health) => (health === 'healthy' ? 0 : 1.25 * rollbackAbove),
  formatQuality: (quality) => `PSI ${trimNumber(quality)}`,
  armsOf: ({ quality, chance, samples }, { bins, output, reference }) => {
    const { shares, known, shaped } = comparedWith(reference, bins, samples.stable);
    const scale = samplingScale(samples.canary, reference === 'stable' ? samples.stable : Infinity);
    const judgedBins = Math.min(bins, shares.length);
    // The uncorrected PSI that chance shows of a true one is about a noncentral chi-square times 1/N + 1/M.
    const index = Number.isFinite(scale)
      ? scale * noncentralChiSquareQuantile(chance, judgedBins - 1, quality / scale)
      : quality;
    const drawn = shiftedShares(shares, index, { canary: samples.canary, reference: known });
    const predicted = (counts: readonly number[]) =>
      plannedArm({ predictions: new Map([[output, shaped(counts)]]) });
    return { canary: predicted(drawn), stable: predicted(shares) };
  },
};

interface Compared {
  /** Shares of a canary that does not drift. */
  readonly shares: readonly number[];
  /** How many predictions they are known from. */
  readonly known: number;
  readonly shaped: (counts: readonly number[]) => PredictionCounts;
}

function comparedWith(reference: DriftSettings['reference'], bins: number, stable: number): Compared {
  if (reference === 'stable') {
    const edges = Array.from({ length: bins - 1 }, (_, j) => (j + 1) / bins);
    return {
      shares: new Array<number>(bins).fill(1 / bins),
      known: stable,
      shaped: (counts) => ({ kind: 'scores', edges, counts }),
    };
  }
  const total = sum(reference.counts);
  return {
    shares: plainShares(reference.counts),
    known: Math.abs(total - 1) > 1e-6 ? total : assumedReferenceTotal,
    shaped:
      'edges' in reference
        ? (counts) => ({ kind: 'scores', edges: reference.edges, counts })
        : (counts) => ({ kind: 'labels', labels: reference.labels, counts }),
  };
}

/**
 * Shares with a given smoothed PSI against others: these tilted towards the last bin, q_j exp(t x_j) with x from -1
 * to 1. Where no tilt reaches it, the strongest.
 *
 * @param samples how many predictions are behind the shares, for the smoothing; 0: no smoothing
 */
export function shiftedShares(
  shares: readonly number[],
  index: number,
  samples: { readonly canary: number; readonly reference: number },
): readonly number[] {
  const smoothed = (of: readonly number[], count: number) =>
    count > 0 ? smoothedShares(of.map((share) => share * count)) : of;
  const reference = smoothed(shares, samples.reference);
  const tilted = (tilt: number) =>
    plainShares(shares.map((share, j) => share * Math.exp(tilt * ((2 * j) / (shares.length - 1) - 1))));
  const excess = (tilt: number) =>
    populationStabilityIndex(smoothed(tilted(tilt), samples.canary), reference) - index;
  return tilted(excess(0) >= 0 ? 0 : findRoot(excess, 0, 40, 1e-10));
}
