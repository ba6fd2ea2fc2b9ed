import type { GuardrailSettings } from '../../domain/policy.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import { smallestWhole } from '../../statistics/bisect.js';
import { changePointEvidenceAfter } from '../../statistics/change-point-mixture.js';
import { rateRatio, type RateRatio } from '../../statistics/rate-ratio.js';
import { formatInstant } from '../../domain/units.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import { longestWaitLooks, looksToRemaining, typicalStage } from '../remaining.js';
import type { Timeline } from '../timeline.js';
import { isBeyond, isWithin, type RatioLimits } from './ratio-limits.js';
import {
  minimumPromoteLooks,
  promoteLogEvidence,
  promoteLookCount,
  rollbackSteps,
  sumPairs,
  testRatio,
  type RatioResult,
  type RatioSeries,
} from './ratio-test.js';

/** How a kind of ratio guardrail speaks of its figures. */
export interface RatioWords {
  /** The estimate as the document gives it: the ratio itself, or the change. */
  readonly asEstimate: (ratio: number) => number;
  /** The figure with its threshold: `errors 2.4 times stable's > 2 times`. */
  readonly headline: (ratio: number, atLeast: boolean) => string;
  /** What was measured, a sentence without its stop. */
  readonly measured: (ratio: number, atLeast: boolean, total: PairedTailCounts) => string;
  /** Before there is an event in either arm. */
  readonly noEvents: { readonly headline: string; readonly measured: string };
  readonly details: Readonly<Record<string, unknown>>;
  /** Said beside the finding: a cut that is no edge, a label that is not listed. */
  readonly note?: string;
}

/** Judges a ratio and tells it in a kind's words. */
export function judgeRatio(
  timeline: Timeline,
  series: RatioSeries,
  words: RatioWords,
  settings: GuardrailSettings,
  context: JudgeContext,
): Finding {
  const result = testRatio(timeline, series, context);
  const { verdict, reasonCode, heldBy } = decide(result, settings, context);
  const { limits } = series;
  const shown = shownRatio(result, verdict, limits);
  const estimate = readable(result.ratio, result.total);
  const note = [words.note, leftOutNote(result)].filter((part) => part !== undefined).join('; ');
  const judgedAny = result.total.canaryTrials > 0;
  return {
    verdict,
    reasonCode,
    literal: literalFinding(series, words),
    estimate: estimate === undefined ? null : words.asEstimate(estimate.ratio),
    interval: intervalOf(result.ratio, words),
    intervalKind: result.ratio?.interval === undefined ? null : 'single-look',
    rollbackEvidence: judgedAny ? result.rollbackEvidence : null,
    promoteEvidence: judgedAny ? result.promoteEvidence : null,
    promoteHeldBack: result.veto || promoteLookCount(result) < minimumPromoteLooks,
    beyondRollback: estimate !== undefined && isBeyond(estimate.ratio, limits),
    samples: { canary: result.total.canaryTrials, stable: result.total.stableTrials },
    remaining:
      verdict === 'hold' ? remainingOf(timeline, series, result, context) : { samples: 0, seconds: 0 },
    ...tell(readable(shown.ratio, shown.total), shown.total, words),
    ...(note === '' ? {} : { note }),
    ...(heldBy === undefined ? {} : { heldBy }),
    details: { ...words.details, ...detailsOf(timeline, result, estimate?.atLeast === true) },
  };
}

interface ReadableRatio {
  readonly ratio: number;
  readonly atLeast: boolean;
}

/** A finite ratio: without an event of stable, the one that half an event would give, told as "at least". */
function readable(ratio: RateRatio | undefined, total: PairedTailCounts): ReadableRatio | undefined {
  if (ratio === undefined) return undefined;
  if (Number.isFinite(ratio.ratio)) return { ratio: ratio.ratio, atLeast: false };
  return { ratio: (total.canaryEvents * total.stableTrials) / (0.5 * total.canaryTrials), atLeast: true };
}

function tell(
  ratio: ReadableRatio | undefined,
  total: PairedTailCounts,
  words: RatioWords,
): { readonly headline: string; readonly measured: string } {
  if (ratio === undefined) return words.noEvents;
  return {
    headline: words.headline(ratio.ratio, ratio.atLeast),
    measured: words.measured(ratio.ratio, ratio.atLeast, total),
  };
}

/** The table to the letter: the ratio of all looks. */
function literalFinding(series: RatioSeries, words: RatioWords): Finding['literal'] {
  const total = sumPairs(series.pairs);
  const ratio = readable(rateRatio(series.pairs), total);
  const verdict: Verdict =
    ratio === undefined
      ? 'hold'
      : isBeyond(ratio.ratio, series.limits)
        ? 'rollback'
        : isWithin(ratio.ratio, series.limits)
          ? 'promote'
          : 'hold';
  return {
    verdict,
    estimate: ratio === undefined ? null : words.asEstimate(ratio.ratio),
    samples: { canary: total.canaryTrials, stable: total.stableTrials },
    ...tell(ratio, total, words),
  };
}

function decide(
  result: RatioResult,
  settings: GuardrailSettings,
  context: JudgeContext,
): { readonly verdict: Verdict; readonly reasonCode: ReasonCode; readonly heldBy?: string } {
  const rollbackProven = result.rollbackEvidence >= context.rollbackNeeded;
  if (rollbackProven && result.rollbackGate && result.confirmed) {
    return { verdict: 'rollback', reasonCode: 'rollback' };
  }
  const promoteProven = result.promoteEvidence >= context.promoteNeeded && result.promoteGate;
  if (promoteProven && promoteLookCount(result) >= minimumPromoteLooks && !result.veto) {
    return { verdict: 'promote', reasonCode: 'promote' };
  }
  if (result.total.canaryTrials <= 0) {
    const reasonCode = result.leftOut.includes(true) ? 'stable-breaches-too' : 'warming-up';
    return { verdict: 'hold', reasonCode };
  }
  if (promoteLookCount(result) < minimumPromoteLooks) return { verdict: 'hold', reasonCode: 'new-stage' };
  if (promoteProven) return { verdict: 'hold', reasonCode: 'turning-bad' };
  if (result.ratio !== undefined && !result.rollbackGate && !result.promoteGate) {
    return { verdict: 'hold', reasonCode: 'between-thresholds' };
  }
  return {
    verdict: 'hold',
    reasonCode: 'more-evidence-needed',
    ...(rollbackProven
      ? {
          heldBy: `A single look carries this evidence for ${settings.name}: a second one has to confirm it.`,
        }
      : {}),
  };
}

/** The ratio that decided: that of the window for a rollback, of the looks a promote is made from, else of all. */
function shownRatio(
  result: RatioResult,
  verdict: Verdict,
  limits: RatioLimits,
): { readonly ratio: RateRatio | undefined; readonly total: PairedTailCounts } {
  if (verdict === 'rollback') {
    return { ratio: result.window.ratio, total: sumPairs(result.judged.slice(result.window.start - 1)) };
  }
  const points = result.ratio !== undefined && isWithin(result.ratio.ratio, limits);
  if ((verdict === 'promote' || points) && result.promoteRatio !== undefined) {
    return { ratio: result.promoteRatio, total: sumPairs(result.promoteLooks) };
  }
  return { ratio: result.ratio, total: result.total };
}

function intervalOf(ratio: RateRatio | undefined, words: RatioWords): Finding['interval'] {
  if (ratio?.interval === undefined) return null;
  const [low, high] = ratio.interval;
  return [words.asEstimate(low), words.asEstimate(high)];
}

/** Looks like the present ones that are still needed for the verdict that the ratio points to. */
function remainingOf(
  timeline: Timeline,
  series: RatioSeries,
  result: RatioResult,
  context: JudgeContext,
): Finding['remaining'] {
  const { limits } = series;
  if (result.ratio === undefined) return null;
  const beyond = isBeyond(result.ratio.ratio, limits);
  if (!beyond && !isWithin(result.ratio.ratio, limits)) return 'never';
  const ofStage = (stage: number) =>
    result.judged.filter((pair, i) => timeline.looks[i]?.stage === stage && pair.canaryTrials > 0);
  const typical = typicalStage(timeline, context, (stage) => ofStage(stage).length > 0);
  if (typical === undefined) return null;
  const pattern = ofStage(typical.stage);
  const perLook = times(sumPairs(pattern), 1 / pattern.length, typical.factor);
  const enough = (looks: number): boolean => {
    const more = times(perLook, looks, 1);
    if (beyond) {
      const steps = rollbackSteps(perLook, limits);
      return changePointEvidenceAfter(result.change, steps, looks, result.start) >= context.rollbackNeeded;
    }
    return (
      promoteLookCount(result) + looks >= minimumPromoteLooks &&
      promoteLogEvidence([...result.promoteLooks, more], limits, result.dispersion) >= context.promoteNeeded
    );
  };
  const looks = smallestWhole(enough, longestWaitLooks(timeline));
  return looks === undefined ? 'never' : looksToRemaining(looks, perLook.canaryTrials, timeline);
}

function times(pair: PairedTailCounts, factor: number, canaryFactor: number): PairedTailCounts {
  return {
    canaryTrials: pair.canaryTrials * factor * canaryFactor,
    canaryEvents: pair.canaryEvents * factor * canaryFactor,
    stableTrials: pair.stableTrials * factor,
    stableEvents: pair.stableEvents * factor,
  };
}

function leftOutNote(result: RatioResult): string | undefined {
  const count = result.leftOut.filter((left) => left).length;
  return count === 0
    ? undefined
    : `${count} of ${result.usable.length} looks left out because the stable version did far worse than usual in them`;
}

function detailsOf(timeline: Timeline, result: RatioResult, atLeast: boolean): Record<string, unknown> {
  const first = timeline.looks[result.window.start - 1];
  const { total, window } = result;
  const ratioOfWindow = window.ratio?.ratio;
  return {
    ratio: finite(result.ratio?.ratio),
    ...(atLeast ? { atLeast: true } : {}),
    events: { canary: total.canaryEvents, stable: total.stableEvents },
    ...(first === undefined || ratioOfWindow === undefined
      ? {}
      : {
          window: {
            start: formatInstant(first.startMs),
            look: window.start,
            ratio: finite(ratioOfWindow),
            logLikelihoodRatio: window.logRatio,
          },
        }),
    dispersion: result.dispersion,
    ...(result.leftOut.includes(true)
      ? { leftOutLooks: result.leftOut.flatMap((left, i) => (left ? [i + 1] : [])) }
      : {}),
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
