import { multinomialEvidence, twoSampleDriftEvidence } from '../../statistics/drift-evidence.js';
import { gaussianBets } from '../../statistics/gaussian-bets.js';
import {
  bettingVariance,
  deltaVariance,
  nullBias,
  plainShares,
  populationStabilityIndex,
  samplingScale,
  smoothedShares,
} from '../../statistics/population-stability-index.js';
import { sum } from '../../statistics/sums.js';

/** Prediction histograms of both arms in one stage, on the judged bins. */
export interface StageHistograms {
  readonly canary: readonly number[];
  readonly stable: readonly number[];
  /** The canary's share of the traffic, strictly between 0 and 1. */
  readonly share: number;
}

/** The PSI of a canary against its concurrent stable version, standardised over the stages. */
export interface DriftFigures {
  /** Bins that are not empty in both arms. */
  readonly bins: number;
  readonly binIndexes: readonly number[];
  readonly canaryTotal: number;
  readonly stableTotal: number;
  /** M_eff: how many stable predictions the standardised baseline is worth. */
  readonly effectiveStable: number;
  /** Shares with Jeffreys smoothing: what the PSI is computed from. */
  readonly canaryShares: readonly number[];
  readonly stableShares: readonly number[];
  /** Counts as they are, the baseline's standardised and scaled to `effectiveStable`: what is shown. */
  readonly canaryCounts: readonly number[];
  readonly stableCounts: readonly number[];
  /** Without smoothing; infinite where a bin is empty in one arm only. */
  readonly psiRaw: number;
  readonly psi: number;
  readonly psiCorrected: number;
  /** c, with the dispersion in it. */
  readonly scale: number;
  readonly variance: number;
}

/**
 * Standardises the baseline to the canary's stages (weights N_s / M_s) and computes the PSI with Jeffreys
 * smoothing, its bias-corrected form and its variance. Stages without stable counts contribute no canary counts.
 *
 * @param dispersion of the predictions, 1 or more: multiplies the scale and the variance
 * @returns undefined where no stage has both
 */
function driftFigures(stages: readonly StageHistograms[], dispersion: number): DriftFigures | undefined {
  const judged = stages.filter((stage) => sum(stage.canary) > 0 && sum(stage.stable) > 0);
  const length = judged[0]?.canary.length ?? 0;
  if (judged.length === 0) return undefined;
  const canary = new Array<number>(length).fill(0);
  const standardised = new Array<number>(length).fill(0);
  let stableTotal = 0;
  let squares = 0;
  for (const stage of judged) {
    const n = sum(stage.canary);
    const m = sum(stage.stable);
    const weight = n / m;
    stableTotal += m;
    squares += weight * weight * m;
    for (let j = 0; j < length; j++) {
      canary[j] = (canary[j] ?? 0) + (stage.canary[j] ?? 0);
      standardised[j] = (standardised[j] ?? 0) + weight * (stage.stable[j] ?? 0);
    }
  }
  const canaryTotal = sum(canary);
  const effectiveStable = (canaryTotal * canaryTotal) / squares;
  const binIndexes = canary
    .map((_, j) => j)
    .filter((j) => (canary[j] ?? 0) > 0 || (standardised[j] ?? 0) > 0);
  const canaryCounts = binIndexes.map((j) => canary[j] ?? 0);
  // The baseline as if it were that many predictions: what Jeffreys smoothing and the variance count.
  const stableCounts = binIndexes.map((j) => ((standardised[j] ?? 0) / canaryTotal) * effectiveStable);
  return figuresOf(
    binIndexes,
    canaryCounts,
    stableCounts,
    canaryTotal,
    stableTotal,
    effectiveStable,
    dispersion,
  );
}

function figuresOf(
  binIndexes: readonly number[],
  canaryCounts: readonly number[],
  stableCounts: readonly number[],
  canaryTotal: number,
  stableTotal: number,
  effectiveStable: number,
  dispersion: number,
): DriftFigures {
  const bins = binIndexes.length;
  const p = smoothedShares(canaryCounts);
  const q = smoothedShares(stableCounts);
  const scale = dispersion * samplingScale(canaryTotal, effectiveStable);
  const psi = populationStabilityIndex(p, q);
  return {
    bins,
    binIndexes,
    canaryTotal,
    stableTotal,
    effectiveStable,
    canaryShares: p,
    stableShares: q,
    canaryCounts,
    stableCounts,
    psiRaw: populationStabilityIndex(plainShares(canaryCounts), plainShares(stableCounts)),
    psi,
    psiCorrected: psi - nullBias(bins, scale),
    scale,
    variance: dispersion * deltaVariance(p, q, canaryTotal, effectiveStable),
  };
}

export interface DriftEvidence {
  /** Gaussian bets that the PSI lies above the promote threshold. */
  readonly sizeEvidence: number;
  /** Exact evidence that the arms differ at all. */
  readonly differenceEvidence: number;
  readonly rollback: number;
  readonly promote: number;
  readonly rollbackVariance: number;
  readonly promoteVariance: number;
}

const rollbackBets = [1, 1.5, 3];
const promoteBets = [1, 2];

/** Rollback evidence is the lesser of "the PSI is large" and "the arms differ"; promote evidence is a bet alone. */
export function driftEvidence(
  figures: DriftFigures,
  difference: number,
  thresholds: { readonly promoteBelow: number; readonly rollbackAbove: number },
  dispersion: number,
): DriftEvidence {
  const { promoteBelow, rollbackAbove } = thresholds;
  const gap = rollbackAbove - promoteBelow;
  const rollbackVariance = bettingVariance(figures.variance, promoteBelow, figures.scale, figures.bins);
  const promoteVariance = bettingVariance(figures.variance, rollbackAbove, figures.scale, figures.bins);
  const sizeEvidence = gaussianBets(
    figures.psiCorrected - promoteBelow,
    rollbackVariance,
    rollbackBets.map((bet) => bet * gap),
  );
  const differenceEvidence = difference / dispersion;
  return {
    sizeEvidence,
    differenceEvidence,
    rollback: Math.min(sizeEvidence, differenceEvidence),
    promote: gaussianBets(
      rollbackAbove - figures.psiCorrected,
      promoteVariance,
      promoteBets.map((bet) => bet * gap),
    ),
    rollbackVariance,
    promoteVariance,
  };
}

/** What the canary's histogram is compared with, and how sure it is that they differ at all. */
export interface DriftComparison {
  figures(stages: readonly StageHistograms[], dispersion: number): DriftFigures | undefined;
  /** Natural log of an e-value, before its division by the dispersion. */
  difference(figures: DriftFigures, stages: readonly StageHistograms[]): number;
}

/** With the stable version of the same time, stage by stage. */
export const againstStable: DriftComparison = {
  figures: driftFigures,
  difference: (figures, stages) => {
    let evidence = 0;
    for (const stage of stages) {
      if (sum(stage.canary) === 0 || sum(stage.stable) === 0) continue;
      evidence += twoSampleDriftEvidence(
        figures.binIndexes.map((j) => stage.canary[j] ?? 0),
        figures.binIndexes.map((j) => stage.stable[j] ?? 0),
        stage.share,
      );
    }
    return evidence;
  },
};

/**
 * With a fixed histogram, taken as exact: its Jeffreys-smoothed shares, c = 1/N, no part of it in the variance, and the
 * Dirichlet-multinomial evidence with k = (B - 1) / 0.2 - 1 (a prior mean PSI of about 0.2).
 */
export function againstReference(reference: readonly number[]): DriftComparison {
  return {
    figures: (stages, dispersion) => referenceFigures(stages, reference, dispersion),
    difference: ({ canaryCounts, stableShares, bins }) =>
      bins < 2 ? 0 : multinomialEvidence(canaryCounts, stableShares, (bins - 1) / 0.2 - 1),
  };
}

function referenceFigures(
  stages: readonly StageHistograms[],
  reference: readonly number[],
  dispersion: number,
): DriftFigures | undefined {
  const canary = reference.map((_, j) => sum(stages.map((stage) => stage.canary[j] ?? 0)));
  const canaryTotal = sum(canary);
  if (!(canaryTotal > 0)) return undefined;
  const binIndexes = canary.map((_, j) => j).filter((j) => (canary[j] ?? 0) > 0 || (reference[j] ?? 0) > 0);
  const canaryCounts = binIndexes.map((j) => canary[j] ?? 0);
  const stableCounts = binIndexes.map((j) => reference[j] ?? 0);
  return figuresOf(binIndexes, canaryCounts, stableCounts, canaryTotal, sum(reference), Infinity, dispersion);
}
