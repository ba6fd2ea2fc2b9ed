import { z } from 'zod';
import { changeField, nameField, secondsField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import { defaultSeries, type OutcomeTotals } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatApart, formatChange, formatCount, formatSeconds, trimNumber } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import type {
  Finding,
  GuardrailKind,
  HeldAtMost,
  JudgeContext,
  LiteralFinding,
  Samples,
} from '../guardrail-kind.js';
import { literalAbove } from '../literal.js';
import { remainingUntil, typicalStage, type Luck } from '../remaining.js';
import { businessProxyPlanning } from '../plan/kinds/business-proxy.js';
import type { Timeline, TimelineLook } from '../timeline.js';
import { maturityTest, maturityWait, tooYoung } from './proxy-maturity.js';
import {
  excludingEvidence,
  proxyEvidence,
  proxyFigures,
  type ProxyFigures,
  type StageOutcomes,
} from './proxy-statistics.js';

/** Relative change of the mean outcome, canary against stable. */
export interface BusinessProxySettings extends GuardrailSettings {
  readonly kind: 'business-proxy';
  readonly promoteAbove: number;
  readonly rollbackBelow: number;
  /** For `ifUndecided: bounded`: a change this bad has to be excluded. */
  readonly worstAbove: number;
  readonly betterWhen: 'higher' | 'lower';
  readonly outcome: string;
  /** An outcome counts once its request is this old, since the canary's would else be fewer than stable's. */
  readonly maturitySeconds: number;
}

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    required: commonGuardrailFields.required
      .unwrap()
      .default('auto')
      .describe('auto (default): left out of the combined verdict while neither version has outcomes'),
    ifUndecided: z
      .enum(['hold', 'pass', 'bounded'])
      .default('hold')
      .describe(
        'what an undecided guardrail does to promote; bounded: it passes once worstAbove is excluded; missing data is never covered',
      ),
    kind: z.literal('business-proxy'),
    promoteAbove: changeField().describe('promote at this relative change or better'),
    rollbackBelow: changeField().describe('roll back at a relative change worse than this'),
    worstAbove: changeField()
      .default(-0.1)
      .describe('for ifUndecided: bounded, the relative change that has to be excluded'),
    betterWhen: z
      .enum(['higher', 'lower'])
      .default('higher')
      .describe('which direction of the outcome is good'),
    outcome: nameField().default(defaultSeries).describe('which outcome, where the model has several'),
    maturity: secondsField()
      .prefault('0s')
      .describe('for delayed outcomes: those of requests younger than this do not count, in either version'),
  })
  .transform((fields): BusinessProxySettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteAbove: fields.promoteAbove,
    rollbackBelow: fields.rollbackBelow,
    worstAbove: fields.worstAbove,
    betterWhen: fields.betterWhen,
    outcome: fields.outcome,
    maturitySeconds: fields.maturity,
  }));

export const businessProxy: GuardrailKind<BusinessProxySettings> = {
  kind: 'business-proxy',
  summary: 'relative change of the mean outcome, canary against stable',
  unit: 'relative-change',
  sampleName: 'outcomes',
  guarantee: 'asymptotic',
  basis: 'comparison',
  needsBaseline: () => true,
  asymptotics:
    'asymptotic, error rates as simulated; heavy-tailed outcomes need values capped at a stated maximum',
  problem: ({ ifUndecided, promoteAbove, worstAbove }) =>
    ifUndecided === 'bounded' && worstAbove >= promoteAbove
      ? {
          field: 'worstAbove',
          message: `expected less than promoteAbove beside ifUndecided: bounded, got ${worstAbove} and ${promoteAbove}`,
        }
      : undefined,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `a change of ${formatChange(settings.promoteAbove)} or better`
      : `a change of ${formatChange(settings.rollbackBelow)} or worse`,
  thresholds: ({ promoteAbove, rollbackBelow }) => ({ promoteAbove, rollbackBelow }),
  heldAtMost: (settings, { outcomesByArrival }) =>
    outcomesByArrival.includes(settings.outcome) ? countedByArrival(settings) : undefined,
  samplesOf: (arm, settings) => arm.outcomes.get(settings.outcome)?.count,
  judge: judgeProxy,
  planning: businessProxyPlanning,
};

/**
 * Outcomes that count when they arrive: stable's of earlier requests still come in, the canary had none. No amount of
 * them mends that, and which way it leads astray depends on what an outcome is, so they neither roll back nor promote.
 */
function countedByArrival({ outcome }: BusinessProxySettings): HeldAtMost {
  const outcomes = outcome === defaultSeries ? 'Outcomes' : `Outcomes "${outcome}"`;
  return {
    // What is counted is a part of the outcomes of these requests, and not the same part in both versions.
    reasonCode: 'partial-data',
    told: `${outcomes} are counted when they arrive, not with their request: those of the canary's latest requests are still to come, while the stable version gets those of earlier ones, so the change may be nothing but that, and it holds. If an outcome is known with its request, say "immediate: true" where the source is configured; else send outcomes to the ledger, with the id of their prediction.`,
    unguaranteed: 'holds at most, since its outcomes are counted when they arrive',
  };
}

function judgeProxy(timeline: Timeline, settings: BusinessProxySettings, context: JudgeContext): Finding {
  const isMature = maturityTest(timeline, settings.maturitySeconds);
  const stages = stageOutcomes(timeline, settings.outcome, (look) => !look.warmUp && isMature(look));
  const figures = proxyFigures(stages, settings);
  const allStages = stageOutcomes(timeline, settings.outcome, isMature);
  const literal = literalFinding(allStages, settings);
  if (figures === undefined) {
    const wait = maturityWait(timeline, settings);
    return { ...nothingJudged(totals(stages), wait), literal };
  }
  const evidence = proxyEvidence(figures, settings);
  const { verdict, reasonCode } = decide(figures, evidence, settings, context);
  const remaining = (direction: 'promote' | 'rollback', reached: Reached) =>
    remainingLooks(timeline, stages, settings, context, direction, reached);
  const wanted = literalAbove(figures.change, settings);
  return {
    verdict,
    reasonCode,
    literal,
    estimate: figures.change,
    interval: figures.interval,
    intervalKind: figures.interval === null ? null : 'single-look',
    rollbackEvidence: evidence.rollback,
    promoteEvidence: evidence.promote,
    beyondRollback: wanted === 'rollback',
    samples: { canary: figures.canaryCount, stable: figures.stableCount },
    remaining:
      verdict !== 'hold'
        ? { samples: 0, seconds: 0 }
        : wanted === 'hold'
          ? 'never'
          : remaining(
              wanted,
              (then) => decide(then, proxyEvidence(then, settings), settings, context).verdict === wanted,
            ),
    ...(settings.ifUndecided === 'bounded'
      ? {
          worstCase: {
            evidence: excludingEvidence(figures, settings, settings.worstAbove),
            against: `A change of ${formatChange(settings.worstAbove)} or worse`,
            remaining: remaining(
              'promote',
              (then) => excludingEvidence(then, settings, settings.worstAbove) >= context.promoteNeeded,
            ),
          },
        }
      : {}),
    headline: headlineOf(figures.change, settings),
    measured: measuredOf(figures, settings),
    details: {
      outcome: settings.outcome,
      canaryMean: figures.canaryMean,
      stableMean: figures.stableMean,
      variance: { rollback: evidence.rollbackVariance, promote: evidence.promoteVariance },
      betterWhen: settings.betterWhen,
      ...(settings.ifUndecided === 'bounded'
        ? {
            worstAbove: settings.worstAbove,
            worstEvidence: excludingEvidence(figures, settings, settings.worstAbove),
          }
        : {}),
      ...(settings.maturitySeconds === 0
        ? {}
        : { maturitySeconds: settings.maturitySeconds, looksTooYoung: tooYoung(timeline, isMature) }),
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

/**
 * The canary's outcomes are all in warm-up looks or too young, or stable's mean is nothing to compare with.
 *
 * @param wait seconds until the first outcomes are old enough, where that is what is missing
 */
function nothingJudged(samples: Samples, wait: number | undefined): NothingJudged {
  const noBaseline = samples.canary > 0;
  const [headline, measured] = noBaseline
    ? [
        'no baseline to compare with',
        'The stable version has too few outcomes, or a mean that is not above 0',
      ]
    : wait === undefined
      ? ['no judged outcomes yet', 'No judged canary outcomes yet']
      : ['no outcomes are old enough yet', "None of the canary's outcomes is old enough to count yet"];
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
    remaining: wait === undefined ? null : { samples: 0, seconds: Math.ceil(wait) },
    ...(wait === undefined
      ? {}
      : {
          heldBy: `Outcomes count once they had time to come in, in either version: about ${formatSeconds(wait)} more.`,
        }),
    headline,
    measured,
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

type Reached = (figures: ProxyFigures) => boolean;

/**
 * Looks that are still needed until something is reached: like the present stage's mean, or, before it has a judged
 * one, like those before at the share of now.
 */
function remainingLooks(
  timeline: Timeline,
  stages: readonly StageOutcomes[],
  settings: BusinessProxySettings,
  context: JudgeContext,
  direction: 'promote' | 'rollback',
  reached: Reached,
): Finding['remaining'] {
  const typical = typicalStage(
    timeline,
    context,
    (index) => (stages[index]?.canary.count ?? 0) > 0,
    maturityTest(timeline, settings.maturitySeconds),
  );
  const pattern = typical === undefined ? undefined : stages[typical.stage];
  if (typical === undefined || pattern === undefined) return null;
  const seen = totals(stages);
  const reachedAfter = (looks: number, luck: Luck): boolean => {
    const then = stages.map((stage, index) =>
      index === timeline.presentStage
        ? {
            canary: plus(stage.canary, pattern.canary, (typical.factor * looks) / typical.looks),
            stable: plus(stage.stable, pattern.stable, looks / typical.looks),
          }
        : stage,
    );
    const expected = proxyFigures(then, settings);
    return expected !== undefined && reached(withLuck(expected, seen, settings, luck));
  };
  const perLook = (pattern.canary.count / typical.looks) * typical.factor;
  return remainingUntil(direction, reachedAfter, perLook, timeline);
}

/**
 * Figures with chance against them: what the outcomes that are still to come may shift the means by is about normal. The
 * whole of it is put on the canary's mean.
 *
 * @param seen outcomes that are counted already, and so are no longer up to chance
 */
function withLuck(
  figures: ProxyFigures,
  seen: Samples,
  { betterWhen }: BusinessProxySettings,
  luck: Luck,
): ProxyFigures {
  if (luck === 0) return figures;
  const { canaryCount, stableCount, canaryMean, stableMean } = figures;
  const coming = (now: number, then: number) => Math.max(0, 1 - now / then);
  const ratio = canaryMean / stableMean;
  const variance =
    (figures.canaryVariance / canaryCount) * coming(seen.canary, canaryCount) +
    ratio * ratio * figures.stableMeanVariance * coming(seen.stable, stableCount);
  const worse = betterWhen === 'higher' ? -1 : 1;
  const drawn = canaryMean + worse * luck * Math.sqrt(variance);
  return { ...figures, canaryMean: drawn, change: -worse * (drawn / stableMean - 1) };
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
