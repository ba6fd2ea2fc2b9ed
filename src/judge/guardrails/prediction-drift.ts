import { formatApart, formatCount, trimNumber } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import { quickNoncentralChiSquareQuantile } from '../../statistics/noncentral-chi-square.js';
import { addInto, sum } from '../../statistics/sums.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext, LiteralFinding, Samples } from '../guardrail-kind.js';
import { literalBelow } from '../literal.js';
import { predictionDriftPlanning } from '../plan/kinds/prediction-drift.js';
import { remainingUntil, typicalStage, type Luck } from '../remaining.js';
import type { Timeline, TimelineLook } from '../timeline.js';
import { chooseBins, findShape, type DriftBins } from './drift-bins.js';
import { driftDetails, independenceChecked, movedMost } from './drift-details.js';
import { driftDispersion } from './drift-dispersion.js';
import { referenceBins, smallReferenceNote } from './drift-reference.js';
import { driftSchema, type PredictionDriftSettings } from './drift-settings.js';
import {
  againstReference,
  againstStable,
  driftEvidence,
  type DriftComparison,
  type DriftEvidence,
  type DriftFigures,
  type StageHistograms,
} from './drift-statistics.js';
import { unseenLabels, unseenWords } from './unseen-labels.js';

/** Independent predictions that a promote needs. */
const minimumPredictions = 50;

/** A correction of the PSI for chance that is larger than this is told. */
const notedCorrection = 0.05;

export const predictionDrift: GuardrailKind<PredictionDriftSettings> = {
  kind: 'prediction-drift',
  summary: "PSI of the canary's prediction histogram against the stable version's, or a fixed one",
  unit: 'psi',
  sampleName: 'predictions',
  guarantee: 'asymptotic',
  basis: 'comparison',
  needsBaseline: ({ reference }) => reference === 'stable',
  schema: driftSchema,
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
  planning: predictionDriftPlanning,
};

function judgeDrift(timeline: Timeline, settings: PredictionDriftSettings, context: JudgeContext): Finding {
  const setting = settingOf(timeline, settings);
  if (setting === undefined) return notComparable(timeline, settings);
  const { bins, comparison, note } = setting;
  const stages = stageHistograms(timeline, bins, (look) => !look.warmUp);
  const allStages = stageHistograms(timeline, bins, () => true);
  const dispersion = driftDispersion(timeline, bins, settings.reference === 'stable');
  const drift: Drift = { bins, comparison, dispersion: dispersion.value, settings };
  const figures = comparison.figures(stages, dispersion.value);
  const literal = literalFinding(allStages, drift);
  const samples = totals(stages);
  if (figures === undefined) return { ...nothingJudged(samples), literal };
  const evidence = evidenceOf(figures, stages, drift);
  const verdict = verdictOf(figures, evidence, drift, context);
  const estimate = Math.max(0, figures.psiCorrected);
  const half = 1.96 * Math.sqrt(Math.max(0, figures.variance));
  const unseen = unseenLabels(timeline, settings);
  const notes = [
    ...(independenceChecked(dispersion) ? [] : ['independence of predictions not checked']),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    verdict,
    reasonCode: reasonOf(verdict, figures, settings),
    literal,
    estimate,
    interval: [Math.max(0, figures.psiCorrected - half), Math.max(0, figures.psiCorrected + half)],
    intervalKind: 'single-look',
    rollbackEvidence: evidence.rollback,
    promoteEvidence: evidence.promote,
    beyondRollback: isAbove(figures.psiCorrected, settings.rollbackAbove),
    samples: {
      canary: figures.canaryTotal,
      stable: settings.reference === 'stable' ? figures.stableTotal : samples.stable,
    },
    remaining:
      verdict === 'hold'
        ? remainingLooks(timeline, stages, figures, drift, context)
        : { samples: 0, seconds: 0 },
    headline: headlineOf(estimate, settings),
    measured: `${measuredOf(figures, drift, estimate)}${unseenWords(unseen)}`,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    details: {
      ...driftDetails(figures, evidence, bins, dispersion, unseen),
      ...stableAgainstReference(stages, setting),
    },
  };
}

/** The bins of this timeline, and what they are compared with. */
interface DriftSetting {
  readonly bins: DriftBins;
  readonly comparison: DriftComparison;
  readonly note?: string;
}

interface Drift {
  readonly bins: DriftBins;
  readonly comparison: DriftComparison;
  readonly dispersion: number;
  readonly settings: PredictionDriftSettings;
}

function settingOf(timeline: Timeline, settings: PredictionDriftSettings): DriftSetting | undefined {
  const { reference, output } = settings;
  if (reference === 'stable') {
    const bins = chooseBins(timeline, output, settings.bins);
    if (bins === undefined) return undefined;
    return { bins, comparison: againstStable, ...(bins.note === undefined ? {} : { note: bins.note }) };
  }
  const shape = findShape(timeline, output);
  const bins = shape === undefined ? undefined : referenceBins(reference, shape, output, settings.bins);
  if (bins === undefined) return undefined;
  const notes = [bins.note, smallReferenceNote(bins.reference)].filter((note) => note !== undefined);
  return {
    bins,
    comparison: againstReference(bins.reference),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

/** No predictions at all, or none that have a bin in common with the fixed reference. */
function notComparable(timeline: Timeline, settings: PredictionDriftSettings): Finding {
  const nothing = nothingJudged({ canary: 0, stable: 0 });
  const judged = timeline.looks.some(
    (look) => !look.warmUp && sum(look.canary?.predictions.get(settings.output)?.counts ?? []) > 0,
  );
  const finding: NothingJudged = !judged
    ? nothing
    : {
        ...nothing,
        reasonCode: 'buckets-too-coarse',
        remaining: 'never',
        headline: 'hardly a bin in common with the fixed reference',
        measured:
          'The predictions as they are counted have no bins, or too few, in common with the fixed reference',
      };
  const { headline, measured, samples } = finding;
  return { ...finding, literal: { verdict: 'hold', estimate: null, samples, headline, measured } };
}

function evidenceOf(figures: DriftFigures, stages: readonly StageHistograms[], drift: Drift): DriftEvidence {
  const difference = drift.comparison.difference(figures, stages);
  return driftEvidence(figures, difference, drift.settings, drift.dispersion);
}

/** How far the stable version itself lies from a fixed reference: context, no verdict. */
function stableAgainstReference(
  stages: readonly StageHistograms[],
  { comparison }: DriftSetting,
): Readonly<Record<string, unknown>> {
  if (comparison === againstStable) return {};
  const asCanary = stages.map((stage) => ({ ...stage, canary: stage.stable }));
  const figures = comparison.figures(asCanary, 1);
  return { stableAgainstReference: figures === undefined ? null : Math.max(0, figures.psiCorrected) };
}

function totals(stages: readonly StageHistograms[]): Samples {
  return {
    canary: sum(stages.map((stage) => sum(stage.canary))),
    stable: sum(stages.map((stage) => sum(stage.stable))),
  };
}

/** The table to the letter: the uncorrected PSI of all looks. */
function literalFinding(stages: readonly StageHistograms[], drift: Drift): LiteralFinding {
  const figures = drift.comparison.figures(stages, 1);
  const estimate = figures?.psi ?? null;
  const told =
    figures === undefined || estimate === null
      ? { headline: 'no predictions to compare', measured: 'There are no predictions to compare' }
      : { headline: headlineOf(estimate, drift.settings), measured: measuredOf(figures, drift, estimate) };
  return { verdict: literalBelow(estimate, drift.settings), estimate, samples: totals(stages), ...told };
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
  { settings, dispersion }: Drift,
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

/**
 * Looks that are still needed for the verdict that the estimate points to: like the present stage's mean, or, before
 * it has a judged one, like those before at the share of now.
 */
function remainingLooks(
  timeline: Timeline,
  stages: readonly StageHistograms[],
  figures: DriftFigures,
  drift: Drift,
  context: JudgeContext,
): Finding['remaining'] {
  const { settings, comparison, dispersion } = drift;
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
  const wanted = above ? 'rollback' : 'promote';
  const reached = (looks: number, luck: Luck): boolean => {
    const then = appended(looks);
    const expected = comparison.figures(then, dispersion);
    if (expected === undefined) return false;
    const drawn = withLuck(expected, figures.canaryTotal, luck);
    return verdictOf(drawn, evidenceOf(drawn, then, drift), drift, context) === wanted;
  };
  const perLook = (sum(pattern.canary) / typical.looks) * typical.factor;
  return remainingUntil(wanted, reached, perLook, timeline);
}

/**
 * Figures with chance against them: what the predictions that are still to come add to the PSI is about a noncentral
 * chi-square, with their share of the sampling scale.
 *
 * @param seen canary predictions that are counted already, and so are no longer up to chance
 */
function withLuck(figures: DriftFigures, seen: number, luck: Luck): DriftFigures {
  const scale = figures.scale * (1 - seen / figures.canaryTotal);
  if (luck === 0 || !(scale > 0)) return figures;
  const drawn = scale * quickNoncentralChiSquareQuantile(luck, figures.bins - 1, figures.psi / scale);
  // Chance adds to a PSI on average, so that its better end may lie above what is expected.
  const psi = luck > 0 ? Math.max(figures.psi, drawn) : Math.min(figures.psi, drawn);
  return { ...figures, psi, psiCorrected: figures.psiCorrected + psi - figures.psi };
}

function headlineOf(estimate: number, settings: PredictionDriftSettings): string {
  const { promoteBelow, rollbackAbove } = settings;
  const against = (threshold: number) => `PSI ${formatApart(estimate, threshold, trimNumber)}`;
  if (isAbove(estimate, rollbackAbove)) return `${against(rollbackAbove)} > ${trimNumber(rollbackAbove)}`;
  if (isBelow(estimate, promoteBelow)) return `${against(promoteBelow)} < ${trimNumber(promoteBelow)}`;
  return `PSI ${trimNumber(estimate, 2)}, between ${trimNumber(promoteBelow)} and ${trimNumber(rollbackAbove)}`;
}

function measuredOf(figures: DriftFigures, { bins, settings }: Drift, estimate: number): string {
  const uncorrected =
    figures.psi - estimate > notedCorrection
      ? `, ${trimNumber(figures.psi, 2)} before its correction for chance`
      : '';
  const [baseline, against] =
    settings.reference === 'stable'
      ? ["the stable version's", ` against ${formatCount(figures.stableTotal)}`]
      : ['the fixed reference', ''];
  return `The canary's predictions differ from ${baseline} by a PSI of ${trimNumber(estimate, 2)}${uncorrected} (${formatCount(figures.canaryTotal)}${against} predictions)${movedMost(figures, bins)}`;
}
