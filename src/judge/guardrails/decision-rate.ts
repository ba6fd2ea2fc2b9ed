import { z } from 'zod';
import { nameField, numberField, rateField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import { defaultSeries, type ArmCounts } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatApart, formatChange, formatPercent } from '../../domain/units.js';
import { sum } from '../../statistics/sums.js';
import { isAbove } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { decisionRatePlanning } from '../plan/kinds/decision-rate.js';
import type { Timeline } from '../timeline.js';
import { findDecision, type Decision } from './decision.js';
import { asTooCoarse, judgeRatio, type RatioWords } from './ratio-finding.js';
import { ratioSeries } from './ratio-series.js';
import { isBeyond, isWithin, type RatioLimits } from './ratio-limits.js';
import { bothShares, timesAs } from './ratio-words.js';

/** The share of predictions above an operating cut, or of a label, against stable's: too many or too few. */
export interface DecisionRateSettings extends GuardrailSettings {
  readonly kind: 'decision-rate';
  /** Scores above this are the decision; absent where it is a label. */
  readonly above?: number;
  readonly label?: string;
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
  readonly output: string;
}

const sizeField = () =>
  rateField({ min: 0, max: 100, open: true }, 'a relative change above 0 % such as "20%", either way');

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('decision-rate'),
    above: numberField({}, 'a score such as 0.8')
      .optional()
      .describe('the operating cut: scores above it are the decision; this or label'),
    label: nameField().optional().describe('the label that is the decision; this or above'),
    promoteBelow: sizeField()
      .default(0.2)
      .describe('promote while the rate is off by less than this, either way'),
    rollbackAbove: sizeField()
      .default(0.5)
      .describe('roll back when the rate is off by more than this, either way'),
    output: nameField()
      .default(defaultSeries)
      .describe('which prediction output, where the model has several'),
  })
  .superRefine((fields, context) => {
    if ((fields.above === undefined) === (fields.label === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['above'],
        message: 'either above (a score) or label, and not both',
        input: fields.above,
      });
    }
  })
  .transform((fields): DecisionRateSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    ...(fields.above === undefined ? {} : { above: fields.above }),
    ...(fields.label === undefined ? {} : { label: fields.label }),
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
    output: fields.output,
  }));

export const decisionRate: GuardrailKind<DecisionRateSettings> = {
  kind: 'decision-rate',
  summary: "share of predictions above a cut or of a label, against the stable version's, both ways",
  unit: 'relative-change',
  sampleName: 'predictions',
  guarantee: 'exact',
  basis: 'comparison',
  needsBaseline: () => true,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `a rate within ${formatPercent(settings.promoteBelow)} of stable's`
      : `a rate ${formatPercent(settings.rollbackAbove)} or more away from stable's`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({
    promoteBelow,
    rollbackAbove,
    twoSided: true,
  }),
  samplesOf: (arm, settings) => {
    const counts = arm.predictions.get(settings.output)?.counts;
    return counts === undefined ? undefined : sum(counts);
  },
  judge: judgeDecisionRate,
  planning: decisionRatePlanning,
};

function judgeDecisionRate(
  timeline: Timeline,
  settings: DecisionRateSettings,
  context: JudgeContext,
): Finding {
  const decision = findDecision(timeline, settings);
  const made = (arm: ArmCounts | undefined) => {
    const predictions = arm?.predictions.get(settings.output);
    if (predictions === undefined) return { trials: 0, events: 0 };
    return { trials: sum(predictions.counts), events: decision.count(predictions) };
  };
  const limits: RatioLimits = {
    promoteBelow: 1 + settings.promoteBelow,
    rollbackAbove: 1 + settings.rollbackAbove,
    twoSided: true,
  };
  const series = ratioSeries(timeline, made, {
    limits,
    promoteOnStage: false,
    leaveIncidentsOut: false,
  });
  const finding = judgeRatio(timeline, series, wordsOf(settings, limits, decision), settings, context);
  return decision.tooCoarse ? asTooCoarse(finding) : finding;
}

function wordsOf(settings: DecisionRateSettings, limits: RatioLimits, decision: Decision): RatioWords {
  const { promoteBelow, rollbackAbove } = settings;
  return {
    asEstimate: (ratio) => ratio - 1,
    headline: (ratio, atLeast) => {
      const change = ratio - 1;
      const figure = (threshold: number) =>
        `share of ${decision.name} changed by ${atLeast ? 'at least ' : ''}${formatApart(change, Math.sign(change) * threshold, formatChange)}`;
      if (atLeast && !isAbove(ratio, limits.rollbackAbove))
        return `${figure(rollbackAbove)}, stable has none`;
      if (isBeyond(ratio, limits)) return `${figure(rollbackAbove)}, beyond ${formatPercent(rollbackAbove)}`;
      if (isWithin(ratio, limits)) return `${figure(promoteBelow)}, within ${formatPercent(promoteBelow)}`;
      return `${figure(promoteBelow)}, between ${formatPercent(promoteBelow)} and ${formatPercent(rollbackAbove)}`;
    },
    measured: (ratio, atLeast, total) =>
      `The canary's share of ${decision.name} is ${timesAs(ratio, atLeast)} large as the stable version's of the same looks (${bothShares(total)} predictions)`,
    noEvents: decision.tooCoarse
      ? {
          headline: `${decision.name} cannot be counted`,
          measured: `The histograms do not tell how many predictions are ${decision.name}`,
        }
      : {
          headline: `no ${decision.name} in either version`,
          measured: `Neither version has had ${decision.name} in the judged looks`,
        },
    samples: 'predictions',
    details: { decision: decision.name, ...(decision.edge === undefined ? {} : { edge: decision.edge }) },
    ...(decision.note === undefined ? {} : { note: decision.note }),
  };
}
