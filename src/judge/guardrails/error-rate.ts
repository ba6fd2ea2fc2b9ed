import { z } from 'zod';
import { rateField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import type { ArmCounts } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatApart, formatCount, formatPercent } from '../../domain/units.js';
import { rateConfidenceSequence } from '../../statistics/confidence-sequence.js';
import { wilsonInterval } from '../../statistics/single-look-intervals.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { literalBelow } from '../literal.js';
import { errorRatePlanning } from '../plan/kinds/error-rate.js';
import type { Timeline } from '../timeline.js';
import { unmeasuredErrors } from './unmeasured-errors.js';
import { decideTail, tailDetails, type Direction } from './tail-finding.js';
import { noTail, sumTails, type ArmTail, type TailSeries } from './tail-series.js';
import { shownSpan, spanWords, testTail, type ShownSpan, type TailResult } from './tail-test.js';

/** Errors over requests of the canary, against fixed limits. */
export interface ErrorRateSettings extends GuardrailSettings {
  readonly kind: 'error-rate';
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
  /**
   * A rate that the canary may not even show in its first minute; see {@link TailSeries.gross}. Absent: ten times
   * `rollbackAbove`, at most a half. Never below `rollbackAbove`.
   */
  readonly grossAbove?: number;
}

/** Alternatives are kept below this, and limits below them, so that every alternative lies above its null. */
const cap = 0.95;
const highestLimit = 0.9;
const rollbackFactors = [1, 1.5, 2.5, 5, 15, 50];
const promoteFactors = [1, 0.6, 0.3, 0.05];
const grossFactors = [2, 4, 8];

const limitField = () =>
  rateField({ min: 0, max: highestLimit, open: true }, 'a rate above 0 and below 90 %');

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('error-rate'),
    promoteBelow: limitField().describe('promote below this share of errors'),
    rollbackAbove: limitField().describe('roll back above this share of errors'),
    grossAbove: limitField()
      .optional()
      .describe('gross failure: tested from the first look; default 10 x rollbackAbove, at most 50 %'),
  })
  .transform((fields): ErrorRateSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
    ...(fields.grossAbove === undefined ? {} : { grossAbove: fields.grossAbove }),
  }));

export const errorRate: GuardrailKind<ErrorRateSettings> = {
  kind: 'error-rate',
  summary: 'failed requests over requests of the canary',
  unit: 'fraction',
  sampleName: 'requests',
  guarantee: 'exact',
  basis: 'absolute',
  needsBaseline: () => false,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `an error rate of ${formatPercent(settings.promoteBelow)} or less`
      : `an error rate of ${formatPercent(settings.rollbackAbove)} or more`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({ promoteBelow, rollbackAbove }),
  missingWords: unmeasuredErrors,
  samplesOf: (arm) => (arm.errorsUnmeasured === true ? undefined : arm.requests),
  judge: judgeErrorRate,
  planning: errorRatePlanning,
};

function judgeErrorRate(timeline: Timeline, settings: ErrorRateSettings, context: JudgeContext): Finding {
  const series = errorSeries(timeline, settings);
  const result = testTail(timeline, series, context);
  const gross = result.grossDecides;
  const counted = gross ? notLeftOut(series.canary, result) : result.total;
  const estimate = counted.trials > 0 ? counted.rollbackEvents / counted.trials : null;
  const all = sumTails(series.canary);
  const allStable = sumTails(series.stable);
  const literalEstimate = all.trials > 0 ? all.rollbackEvents / all.trials : null;
  const direction = directionOf(estimate, settings);
  const decision = decideTail(timeline, series, result, direction, context);
  const stable = gross ? notLeftOut(series.stable, result) : result.totalStable;
  const span = gross ? 'all' : shownSpan(result, decision.verdict, direction === 'promote');
  const shown = {
    all: { canary: counted, stable },
    window: result.window,
    stage: { canary: result.presentStage, stable: result.presentStageStable },
  }[span];
  return {
    ...decision,
    literal: {
      verdict: literalBelow(literalEstimate, settings),
      estimate: literalEstimate,
      samples: { canary: all.trials, stable: allStable.trials },
      headline: headlineOf(all, settings, 'all'),
      measured: measuredOf(all, allStable, 'all'),
    },
    estimate,
    interval: counted.trials > 0 ? rateConfidenceSequence(counted.rollbackEvents, counted.trials) : null,
    intervalKind: counted.trials > 0 ? 'anytime' : null,
    rollbackEvidence: gross ? result.grossEvidence : result.rollbackEvidence,
    ...(gross ? { rollbackNull: `an error rate of ${formatPercent(grossRate(settings))} or less` } : {}),
    promoteEvidence: result.promoteEvidence,
    beyondRollback: estimate !== null && isAbove(estimate, settings.rollbackAbove),
    samples: { canary: counted.trials, stable: stable.trials },
    headline: headlineOf(shown.canary, settings, span),
    measured: measuredOf(shown.canary, shown.stable, span),
    details: {
      ...tailDetails(timeline, result),
      events: counted.rollbackEvents,
      ...(stable.trials > 0 ? { stableEstimate: stable.rollbackEvents / stable.trials } : {}),
      ...(counted.trials > 0
        ? { singleLookInterval: wilsonInterval(counted.rollbackEvents, counted.trials) }
        : {}),
      ...(all.trials === counted.trials
        ? {}
        : { withAllLooks: { estimate: literalEstimate, samples: all.trials } }),
      ...(gross ? { gross: true } : {}),
    },
  };
}

function notLeftOut(tails: readonly ArmTail[], result: TailResult): ArmTail {
  return sumTails(tails.filter((_, i) => result.incident.leftOut[i] !== true));
}

function errorSeries(timeline: Timeline, settings: ErrorRateSettings): TailSeries {
  const scaled = (rate: number, factors: readonly number[]) =>
    factors.map((factor) => Math.min(cap, rate * factor));
  const gross = grossRate(settings);
  return {
    canary: timeline.looks.map((look) => errorTail(look.canary)),
    stable: timeline.looks.map((look) => errorTail(look.stable)),
    before: timeline.before.map((look) => errorTail(look.stable)),
    rollback: {
      nullRate: settings.promoteBelow,
      alternatives: scaled(settings.rollbackAbove, rollbackFactors),
    },
    promote: {
      nullRate: settings.rollbackAbove,
      alternatives: scaled(settings.promoteBelow, promoteFactors),
    },
    rollbackGateRate: settings.rollbackAbove,
    promoteGateRate: settings.promoteBelow,
    rollbackMeasurable: true,
    rollbackGateMeasurable: true,
    gross: { nullRate: gross, alternatives: scaled(gross, grossFactors) },
  };
}

/** The rate that the gross-failure test takes for "at most so bad". */
export function grossRate({
  grossAbove,
  rollbackAbove,
}: Pick<ErrorRateSettings, 'grossAbove' | 'rollbackAbove'>): number {
  return Math.max(rollbackAbove, grossAbove ?? Math.min(0.5, 10 * rollbackAbove));
}

function errorTail(arm: ArmCounts | undefined): ArmTail {
  if (arm === undefined) return noTail;
  const { requests: trials, errors } = arm;
  return {
    trials,
    rollbackEvents: errors,
    promoteEvents: errors,
    beyondRollback: errors,
    beyondPromote: errors,
  };
}

function directionOf(estimate: number | null, settings: ErrorRateSettings): Direction {
  if (estimate === null) return 'between';
  if (isBelow(estimate, settings.promoteBelow)) return 'promote';
  return isAbove(estimate, settings.rollbackAbove) ? 'rollback' : 'between';
}

function headlineOf(figure: ArmTail, settings: ErrorRateSettings, span: ShownSpan): string {
  if (figure.trials === 0) return 'no judged requests yet';
  const rate = figure.rollbackEvents / figure.trials;
  const { promoteBelow, rollbackAbove } = settings;
  const against = (threshold: number) =>
    `errors ${formatApart(rate, threshold, formatPercent)}${spanWords[span].short}`;
  if (isAbove(rate, rollbackAbove)) return `${against(rollbackAbove)} > ${formatPercent(rollbackAbove)}`;
  if (isBelow(rate, promoteBelow)) return `${against(promoteBelow)} < ${formatPercent(promoteBelow)}`;
  return `errors ${formatPercent(rate, 2)}${spanWords[span].short}, between ${formatPercent(promoteBelow)} and ${formatPercent(rollbackAbove)}`;
}

function measuredOf(figure: ArmTail, stable: ArmTail, span: ShownSpan): string {
  if (figure.trials === 0) return 'No judged canary requests yet';
  const { rollbackEvents: errors, trials } = figure;
  const rate = `${formatPercent(errors / trials)} of the canary's requests failed${spanWords[span].long} (${formatCount(errors)} of ${formatCount(trials)})`;
  return stable.trials > 0
    ? `${rate}; the stable version fails ${formatPercent(stable.rollbackEvents / stable.trials)}`
    : `${rate}; there are no requests of a stable version to compare with`;
}
