import { z } from 'zod';
import { nameField, numberField, wholeNumberField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import { defaultSeries } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatApart, formatCount, formatPercent, trimNumber } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import { smallestWhole } from '../../statistics/bisect.js';
import { predictionDispersion } from '../../statistics/dispersion.js';
import {
  gTest,
  jensenShannonDistance,
  largestCumulativeDifference,
} from '../../statistics/histogram-distances.js';
import { plainShares, psiContribution } from '../../statistics/population-stability-index.js';
import { addInto, sum } from '../../statistics/sums.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext, LiteralFinding, Samples } from '../guardrail-kind.js';
import { literalBelow } from '../literal.js';
import { longestWaitLooks, looksToRemaining, typicalStage } from '../remaining.js';
import type { Timeline, TimelineLook } from '../timeline.js';
import { chooseBins, type DriftBins } from './drift-bins.js';
import {
  driftEvidence,
  driftFigures,
  type DriftEvidence,
  type DriftFigures,
  type StageHistograms,
} from './drift-statistics.js';

/** PSI of the canary's prediction histogram against the stable version's of the same time. */
export interface PredictionDriftSettings extends GuardrailSettings {
  readonly kind: 'prediction-drift';
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
  readonly bins: number;
  readonly reference: 'stable';
  readonly output: string;
}

/** Independent predictions that a promote needs. */
const minimumPredictions = 50;

const shownBins = 3;

/** A contribution to the PSI below which no bin is said to have moved. */
const smallestMove = 1e-6;

/** A correction of the PSI for chance that is larger than this is told. */
const notedCorrection = 0.05;

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('prediction-drift'),
    promoteBelow: numberField({ min: 0, open: true }, 'a PSI above 0 such as 0.1').describe(
      'promote below this PSI',
    ),
    rollbackAbove: numberField({ min: 0, open: true }, 'a PSI above 0 such as 0.2').describe(
      'roll back above this PSI',
    ),
    bins: wholeNumberField({ min: 2, max: 100 }, 'a whole number from 2 to 100')
      .default(10)
      .describe('how many bins the histogram is merged into'),
    reference: z.literal('stable').default('stable').describe('what the canary is compared with'),
    output: nameField()
      .default(defaultSeries)
      .describe('which prediction output, where the model has several'),
  })
  .transform((fields): PredictionDriftSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
    bins: fields.bins,
    reference: fields.reference,
    output: fields.output,
  }));

export const predictionDrift: GuardrailKind<PredictionDriftSettings> = {
  kind: 'prediction-drift',
  summary: "PSI of the canary's prediction histogram against the stable version's",
  unit: 'psi',
  sampleName: 'predictions',
  guarantee: 'asymptotic',
  needsBaseline: true,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `a PSI of ${trimNumber(settings.promoteBelow)} or less`
      : `a PSI of ${trimNumber(settings.rollbackAbove)} or more`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({ promoteBelow, rollbackAbove }),
  samplesOf: (arm, settings) => {
    const counts = arm.predictions.get(settings.output)?.counts;
    return counts === undefined ? undefined : sum(counts);
  },
  judge: judgeDrift,
};

function judgeDrift(timeline: Timeline, settings: PredictionDriftSettings, context: JudgeContext): Finding {
  const bins = chooseBins(timeline, settings.output, settings.bins);
  const stages = bins === undefined ? [] : stageHistograms(timeline, bins, (look) => !look.warmUp);
  const allStages = bins === undefined ? [] : stageHistograms(timeline, bins, () => true);
  const checked = bins === undefined ? undefined : dispersionBefore(timeline, bins);
  const dispersion = checked ?? 1;
  const figures = driftFigures(stages, dispersion);
  const literal = literalFinding(allStages, bins, settings);
  const samples = totals(stages);
  if (figures === undefined || bins === undefined) return { ...nothingJudged(samples), literal };
  const evidence = driftEvidence(figures, stages, settings, dispersion);
  const verdict = verdictOf(figures, evidence, settings, dispersion, context);
  const estimate = Math.max(0, figures.psiCorrected);
  const half = 1.96 * Math.sqrt(Math.max(0, figures.variance));
  const beyondRollback = isAbove(figures.psiCorrected, settings.rollbackAbove);
  return {
    verdict,
    reasonCode: reasonOf(verdict, figures, settings),
    literal,
    estimate,
    interval: [Math.max(0, figures.psiCorrected - half), Math.max(0, figures.psiCorrected + half)],
    intervalKind: 'single-look',
    rollbackEvidence: evidence.rollback,
    promoteEvidence: evidence.promote,
    beyondRollback,
    samples: { canary: figures.canaryTotal, stable: samples.stable },
    remaining:
      verdict === 'hold'
        ? remainingLooks(timeline, stages, figures, settings, dispersion, context)
        : { samples: 0, seconds: 0 },
    headline: headlineOf(estimate, settings),
    measured: measuredOf(figures, bins, estimate),
    ...(checked === undefined ? { note: 'independence of predictions not checked' } : {}),
    details: detailsOf(figures, evidence, bins, dispersion, checked !== undefined),
  };
}

function totals(stages: readonly StageHistograms[]): Samples {
  return {
    canary: sum(stages.map((stage) => sum(stage.canary))),
    stable: sum(stages.map((stage) => sum(stage.stable))),
  };
}

/** The table to the letter: the uncorrected PSI of all looks. */
function literalFinding(
  stages: readonly StageHistograms[],
  bins: DriftBins | undefined,
  settings: PredictionDriftSettings,
): LiteralFinding {
  const figures = driftFigures(stages, 1);
  const estimate = figures?.psi ?? null;
  const told =
    figures === undefined || bins === undefined || estimate === null
      ? { headline: 'no predictions to compare', measured: 'There are no predictions to compare' }
      : { headline: headlineOf(estimate, settings), measured: measuredOf(figures, bins, estimate) };
  return { verdict: literalBelow(estimate, settings), estimate, samples: totals(stages), ...told };
}

type NothingJudged = Omit<Finding, 'literal'>;

/** The canary's predictions are all in warm-up looks, or in stages in which the stable version has none. */
function nothingJudged(samples: Samples): NothingJudged {
  const noBaseline = samples.canary > 0;
  return {
    verdict: 'hold',
    reasonCode: noBaseline ? 'no-baseline' : 'warming-up',
    estimate: null,
    interval: null,
    intervalKind: null,
    rollbackEvidence: null,
    promoteEvidence: null,
    beyondRollback: false,
    samples,
    remaining: null,
    headline: noBaseline ? 'no stable predictions at this weight' : 'no judged predictions yet',
    measured: noBaseline
      ? 'The stable version has no predictions at the weights at which the canary has some'
      : 'No judged canary predictions yet',
    details: {},
  };
}

function verdictOf(
  figures: DriftFigures,
  evidence: DriftEvidence,
  settings: PredictionDriftSettings,
  dispersion: number,
  context: JudgeContext,
): Verdict {
  if (isAbove(figures.psiCorrected, settings.rollbackAbove) && evidence.rollback >= context.rollbackNeeded) {
    return 'rollback';
  }
  const enough = figures.canaryTotal / dispersion >= minimumPredictions;
  return isBelow(figures.psiCorrected, settings.promoteBelow) &&
    evidence.promote >= context.promoteNeeded &&
    enough
    ? 'promote'
    : 'hold';
}

function reasonOf(verdict: Verdict, figures: DriftFigures, settings: PredictionDriftSettings): ReasonCode {
  if (verdict !== 'hold') return verdict;
  const decided =
    isBelow(figures.psiCorrected, settings.promoteBelow) ||
    isAbove(figures.psiCorrected, settings.rollbackAbove);
  return decided ? 'more-evidence-needed' : 'between-thresholds';
}

/** Prediction histograms per stage over the looks that count. */
function stageHistograms(
  timeline: Timeline,
  bins: DriftBins,
  counts: (look: TimelineLook) => boolean,
): readonly StageHistograms[] {
  return timeline.stages.map((stage, index) => {
    const fineCanary: number[] = [];
    const fineStable: number[] = [];
    for (const look of timeline.looks) {
      if (look.stage !== index || !counts(look)) continue;
      addInto(fineCanary, bins.fine(look.canary) ?? []);
      addInto(fineStable, bins.fine(look.stable) ?? []);
    }
    const canary = merged(bins, fineCanary);
    const stable = merged(bins, fineStable);
    const share = stage.weight === null ? observedShare(canary, stable, stage.share) : stage.share;
    return { canary, stable, share };
  });
}

function merged(bins: DriftBins, fine: readonly number[]): readonly number[] {
  return fine.length === 0 ? new Array<number>(bins.names.length).fill(0) : bins.merge(fine);
}

/** The canary's share of the predictions themselves, where no weight is configured. */
function observedShare(canary: readonly number[], stable: readonly number[], fallback: number): number {
  const total = sum(canary) + sum(stable);
  return total > 0 ? Math.min(0.999, Math.max(0.001, sum(canary) / total)) : fallback;
}

function dispersionBefore(timeline: Timeline, bins: DriftBins): number | undefined {
  const histograms = timeline.before.flatMap((look) => {
    const counts = bins.fine(look.stable);
    return counts === undefined ? [] : [bins.merge(counts)];
  });
  return predictionDispersion(histograms);
}

/**
 * Looks that are still needed for the verdict that the estimate points to: like the present stage's mean, or, before
 * it has a judged one, like those before at the share of now.
 */
function remainingLooks(
  timeline: Timeline,
  stages: readonly StageHistograms[],
  figures: DriftFigures,
  settings: PredictionDriftSettings,
  dispersion: number,
  context: JudgeContext,
): Finding['remaining'] {
  const above = isAbove(figures.psiCorrected, settings.rollbackAbove);
  if (!above && !isBelow(figures.psiCorrected, settings.promoteBelow)) return 'never';
  const typical = typicalStage(timeline, context, (index) => sum(stages[index]?.canary ?? []) > 0);
  const pattern = typical === undefined ? undefined : stages[typical.stage];
  if (typical === undefined || pattern === undefined) return null;
  const appended = (looks: number): readonly StageHistograms[] =>
    stages.map((stage, index) => {
      if (index !== timeline.presentStage) return stage;
      const grow = (counts: readonly number[], like: readonly number[], factor: number) =>
        counts.map((count, j) => count + ((like[j] ?? 0) * factor * looks) / typical.looks);
      return {
        ...stage,
        canary: grow(stage.canary, pattern.canary, typical.factor),
        stable: grow(stage.stable, pattern.stable, 1),
      };
    });
  const enough = (looks: number): boolean => {
    const then = appended(looks);
    const figuresThen = driftFigures(then, dispersion);
    if (figuresThen === undefined) return false;
    const evidenceThen = driftEvidence(figuresThen, then, settings, dispersion);
    const wanted = above ? 'rollback' : 'promote';
    return verdictOf(figuresThen, evidenceThen, settings, dispersion, context) === wanted;
  };
  const looks = smallestWhole(enough, longestWaitLooks(timeline));
  const perLook = (sum(pattern.canary) / typical.looks) * typical.factor;
  return looks === undefined ? 'never' : looksToRemaining(looks, perLook, timeline);
}

interface BinChange {
  readonly bin: string;
  readonly canary: number;
  readonly stable: number;
  readonly contribution: number;
}

/** The bins that add most to the PSI. Shares are the plain ones; contributions are those of the smoothed. */
function topBins(figures: DriftFigures, bins: DriftBins): readonly BinChange[] {
  const canary = plainShares(figures.canaryCounts);
  const stable = plainShares(figures.stableCounts);
  return figures.binIndexes
    .map((j, i) => ({
      bin: bins.names[j] ?? '',
      canary: canary[i] ?? 0,
      stable: stable[i] ?? 0,
      contribution: psiContribution(figures.canaryShares[i] ?? 0, figures.stableShares[i] ?? 0),
    }))
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, shownBins);
}

function detailsOf(
  figures: DriftFigures,
  evidence: DriftEvidence,
  bins: DriftBins,
  dispersion: number,
  independenceChecked: boolean,
): Readonly<Record<string, unknown>> {
  const p = plainShares(figures.canaryCounts);
  const q = plainShares(figures.stableCounts);
  return {
    topBins: topBins(figures, bins),
    psi: figures.psi,
    psiRaw: Number.isFinite(figures.psiRaw) ? figures.psiRaw : null,
    psiCorrected: figures.psiCorrected,
    jensenShannon: jensenShannonDistance(p, q),
    largestCumulativeDifference: largestCumulativeDifference(p, q),
    gTest: gTest(figures.canaryCounts, figures.stableCounts),
    sizeEvidence: evidence.sizeEvidence,
    differenceEvidence: evidence.differenceEvidence,
    effectiveStable: figures.effectiveStable,
    samplingScale: figures.scale,
    variance: figures.variance,
    dispersion,
    independenceChecked,
    bins: figures.binIndexes.map((j) => bins.names[j] ?? ''),
  };
}

function headlineOf(estimate: number, settings: PredictionDriftSettings): string {
  const { promoteBelow, rollbackAbove } = settings;
  const against = (threshold: number) => `PSI ${formatApart(estimate, threshold, trimNumber)}`;
  if (isAbove(estimate, rollbackAbove)) return `${against(rollbackAbove)} > ${trimNumber(rollbackAbove)}`;
  if (isBelow(estimate, promoteBelow)) return `${against(promoteBelow)} < ${trimNumber(promoteBelow)}`;
  return `PSI ${trimNumber(estimate, 2)}, between ${trimNumber(promoteBelow)} and ${trimNumber(rollbackAbove)}`;
}

function measuredOf(figures: DriftFigures, bins: DriftBins, estimate: number): string {
  const [most] = topBins(figures, bins);
  const uncorrected =
    figures.psi - estimate > notedCorrection
      ? `, ${trimNumber(figures.psi, 2)} before its correction for chance`
      : '';
  const moved =
    most === undefined || most.contribution < smallestMove
      ? ''
      : `; bin ${most.bin} moved most, from ${formatPercent(most.stable, 2)} to ${formatPercent(most.canary, 2)}`;
  return `The canary's predictions differ from the stable version's by a PSI of ${trimNumber(estimate, 2)}${uncorrected} (${formatCount(figures.canaryTotal)} against ${formatCount(figures.stableTotal)} predictions)${moved}`;
}
