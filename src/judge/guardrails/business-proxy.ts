import { z } from 'zod';
import { changeField, nameField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import { defaultSeries, type OutcomeTotals } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatApart, formatChange, formatCount, trimNumber } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import { smallestWhole } from '../../statistics/bisect.js';
import { isBelow } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext, LiteralFinding, Samples } from '../guardrail-kind.js';
import { literalAbove } from '../literal.js';
import { longestWaitLooks, looksToRemaining, typicalStage } from '../remaining.js';
import type { Timeline, TimelineLook } from '../timeline.js';
import { proxyEvidence, proxyFigures, type ProxyFigures, type StageOutcomes } from './proxy-statistics.js';

/** Relative change of the mean outcome, canary against stable. */
export interface BusinessProxySettings extends GuardrailSettings {
  readonly kind: 'business-proxy';
  readonly promoteAbove: number;
  readonly rollbackBelow: number;
  readonly betterWhen: 'higher' | 'lower';
  readonly outcome: string;
}

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    required: commonGuardrailFields.required
      .unwrap()
      .default('auto')
      .describe('auto (default): left out of the combined verdict while neither version has outcomes'),
    kind: z.literal('business-proxy'),
    promoteAbove: changeField().describe('promote at this relative change or better'),
    rollbackBelow: changeField().describe('roll back at a relative change worse than this'),
    betterWhen: z
      .enum(['higher', 'lower'])
      .default('higher')
      .describe('which direction of the outcome is good'),
    outcome: nameField().default(defaultSeries).describe('which outcome, where the model has several'),
  })
  .transform((fields): BusinessProxySettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteAbove: fields.promoteAbove,
    rollbackBelow: fields.rollbackBelow,
    betterWhen: fields.betterWhen,
    outcome: fields.outcome,
  }));

export const businessProxy: GuardrailKind<BusinessProxySettings> = {
  kind: 'business-proxy',
  summary: 'relative change of the mean outcome, canary against stable',
  unit: 'relative-change',
  sampleName: 'outcomes',
  guarantee: 'asymptotic',
  needsBaseline: true,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `a change of ${formatChange(settings.promoteAbove)} or better`
      : `a change of ${formatChange(settings.rollbackBelow)} or worse`,
  thresholds: ({ promoteAbove, rollbackBelow }) => ({ promoteAbove, rollbackBelow }),
  samplesOf: (arm, settings) => arm.outcomes.get(settings.outcome)?.count,
  judge: judgeProxy,
};

function judgeProxy(timeline: Timeline, settings: BusinessProxySettings, context: JudgeContext): Finding {
  const stages = stageOutcomes(timeline, settings.outcome, (look) => !look.warmUp);
  const figures = proxyFigures(stages, settings);
  const allStages = stageOutcomes(timeline, settings.outcome, () => true);
  const literal = literalFinding(allStages, settings);
  if (figures === undefined) return { ...nothingJudged(totals(stages)), literal };
  const evidence = proxyEvidence(figures, settings);
  const { verdict, reasonCode } = decide(figures, evidence, settings, context);
  return {
    verdict,
    reasonCode,
    literal,
    estimate: figures.change,
    interval: figures.interval,
    intervalKind: 'single-look',
    rollbackEvidence: evidence.rollback,
    promoteEvidence: evidence.promote,
    beyondRollback: isBelow(figures.change, settings.rollbackBelow),
    samples: { canary: figures.canaryCount, stable: figures.stableCount },
    remaining:
      verdict === 'hold'
        ? remainingLooks(timeline, stages, figures, settings, context)
        : { samples: 0, seconds: 0 },
    headline: headlineOf(figures.change, settings),
    measured: measuredOf(figures, settings),
    details: {
      outcome: settings.outcome,
      canaryMean: figures.canaryMean,
      stableMean: figures.stableMean,
      variance: { rollback: evidence.rollbackVariance, promote: evidence.promoteVariance },
      betterWhen: settings.betterWhen,
    },
  };
}

function totals(stages: readonly StageOutcomes[]): Samples {
  return {
    canary: stages.reduce((total, stage) => total + stage.canary.count, 0),
    stable: stages.reduce((total, stage) => total + stage.stable.count, 0),
  };
}

/** The table to the letter: the raw relative change of all looks. */
function literalFinding(stages: readonly StageOutcomes[], settings: BusinessProxySettings): LiteralFinding {
  const figures = proxyFigures(stages, settings);
  const estimate = figures?.change ?? null;
  const told =
    figures === undefined
      ? { headline: 'no outcomes to compare', measured: 'There are no outcomes to compare' }
      : { headline: headlineOf(figures.change, settings), measured: measuredOf(figures, settings) };
  return { verdict: literalAbove(estimate, settings), estimate, samples: totals(stages), ...told };
}

type NothingJudged = Omit<Finding, 'literal'>;

/** The canary's outcomes are all in warm-up looks, or stable's mean is nothing to compare with. */
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
    headline: noBaseline ? 'no baseline to compare with' : 'no judged outcomes yet',
    measured: noBaseline
      ? 'The stable version has too few outcomes, or a mean that is not above 0'
      : 'No judged canary outcomes yet',
    details: {},
  };
}

function decide(
  figures: ProxyFigures,
  evidence: ReturnType<typeof proxyEvidence>,
  settings: BusinessProxySettings,
  context: JudgeContext,
): { readonly verdict: Verdict; readonly reasonCode: ReasonCode } {
  if (!(evidence.rollbackVariance > 0 && evidence.promoteVariance > 0)) {
    return { verdict: 'hold', reasonCode: 'no-variance' };
  }
  const literal = literalAbove(figures.change, settings);
  if (literal === 'rollback' && evidence.rollback >= context.rollbackNeeded) {
    return { verdict: 'rollback', reasonCode: 'rollback' };
  }
  if (literal === 'promote' && evidence.promote >= context.promoteNeeded) {
    return { verdict: 'promote', reasonCode: 'promote' };
  }
  return { verdict: 'hold', reasonCode: literal === 'hold' ? 'between-thresholds' : 'more-evidence-needed' };
}

const nothing: OutcomeTotals = { count: 0, sum: 0, sumOfSquares: 0 };

function plus(left: OutcomeTotals, right: OutcomeTotals | undefined, times = 1): OutcomeTotals {
  if (right === undefined) return left;
  return {
    count: left.count + times * right.count,
    sum: left.sum + times * right.sum,
    sumOfSquares: left.sumOfSquares + times * right.sumOfSquares,
  };
}

function stageOutcomes(
  timeline: Timeline,
  outcome: string,
  counts: (look: TimelineLook) => boolean,
): readonly StageOutcomes[] {
  return timeline.stages.map((_, index) => {
    let canary = nothing;
    let stable = nothing;
    for (const look of timeline.looks) {
      if (look.stage !== index || !counts(look)) continue;
      canary = plus(canary, look.canary?.outcomes.get(outcome));
      stable = plus(stable, look.stable?.outcomes.get(outcome));
    }
    return { canary, stable };
  });
}

/**
 * Looks that are still needed for the verdict that the estimate points to: like the present stage's mean, or, before
 * it has a judged one, like those before at the share of now.
 */
function remainingLooks(
  timeline: Timeline,
  stages: readonly StageOutcomes[],
  figures: ProxyFigures,
  settings: BusinessProxySettings,
  context: JudgeContext,
): Finding['remaining'] {
  const wanted = literalAbove(figures.change, settings);
  if (wanted === 'hold') return 'never';
  const typical = typicalStage(timeline, context, (index) => (stages[index]?.canary.count ?? 0) > 0);
  const pattern = typical === undefined ? undefined : stages[typical.stage];
  if (typical === undefined || pattern === undefined) return null;
  const enough = (looks: number): boolean => {
    const then = stages.map((stage, index) =>
      index === timeline.presentStage
        ? {
            canary: plus(stage.canary, pattern.canary, (typical.factor * looks) / typical.looks),
            stable: plus(stage.stable, pattern.stable, looks / typical.looks),
          }
        : stage,
    );
    const figuresThen = proxyFigures(then, settings);
    if (figuresThen === undefined) return false;
    return decide(figuresThen, proxyEvidence(figuresThen, settings), settings, context).verdict === wanted;
  };
  const looks = smallestWhole(enough, longestWaitLooks(timeline));
  const perLook = (pattern.canary.count / typical.looks) * typical.factor;
  return looks === undefined ? 'never' : looksToRemaining(looks, perLook, timeline);
}

function headlineOf(change: number, settings: BusinessProxySettings): string {
  const { promoteAbove, rollbackBelow } = settings;
  const against = (threshold: number) => `change ${formatApart(change, threshold, formatChange)}`;
  const literal = literalAbove(change, settings);
  if (literal === 'rollback') return `${against(rollbackBelow)} < ${formatChange(rollbackBelow)}`;
  if (literal === 'promote') return `change ${formatChange(change)} >= ${formatChange(promoteAbove)}`;
  return `change ${formatChange(change)}, between ${formatChange(rollbackBelow)} and ${formatChange(promoteAbove)}`;
}

function measuredOf(figures: ProxyFigures, settings: BusinessProxySettings): string {
  const outcome = settings.outcome === defaultSeries ? 'outcome' : `outcome "${settings.outcome}"`;
  const better = settings.betterWhen === 'lower' ? ' (lower is better, so the sign is turned)' : '';
  const interval =
    figures.interval === null
      ? ''
      : `, ${formatChange(figures.interval[0])} to ${formatChange(figures.interval[1])} at 95 %`;
  return `The canary's mean ${outcome} is ${trimNumber(figures.canaryMean)} against ${trimNumber(figures.stableMean)}: a change of ${formatChange(figures.change)}${better}${interval} (${formatCount(figures.canaryCount)} against ${formatCount(figures.stableCount)} outcomes)`;
}
