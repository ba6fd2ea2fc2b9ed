import { formatInstant } from '../../domain/units.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import { rateRatio, type RateRatio } from '../../statistics/rate-ratio.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import type { Timeline } from '../timeline.js';
import { isBeyond, isWithin, type RatioLimits } from './ratio-limits.js';
import { pointsToPromote, ratioRemaining } from './ratio-remaining.js';
import type { RatioSeries } from './ratio-series.js';
import { promoteLookCount, sumPairs, testRatio, type RatioResult } from './ratio-test.js';
import { minimumPromoteLooks } from './tail-rules.js';

/** How a kind of ratio guardrail speaks of its figures. */
export interface RatioWords {
  /** The estimate as the document gives it: the ratio itself, or the change. */
  readonly asEstimate: (ratio: number) => number;
  /** The figure with its threshold: `errors 2.4 times stable's > 2 times`. */
  readonly headline: (ratio: number, atLeast: boolean) => string;
  /** What was measured, a sentence without its stop. */
  readonly measured: (ratio: number, atLeast: boolean, total: PairedTailCounts) => string;
  /** Before there is an event in either arm, or where none can be counted. */
  readonly noEvents: { readonly headline: string; readonly measured: string };
  /** What is compared, in the plural: `requests`. */
  readonly samples: string;
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
  const { verdict, reasonCode, heldBy } = decide(result, series.limits, settings, context);
  const { limits } = series;
  const shown = shownRatio(result, verdict, limits);
  const estimate = readable(result.ratio, result.judged);
  const note = [words.note, leftOutNote(result)].filter((part) => part !== undefined).join('; ');
  const judgedAny = result.total.canaryTrials > 0 && result.total.stableTrials > 0;
  return {
    verdict,
    reasonCode,
    literal: literalFinding(series, words),
    estimate: estimate === undefined ? null : words.asEstimate(estimate.ratio),
    interval: intervalOf(result.ratio, words),
    intervalKind: result.ratio?.interval === undefined ? null : 'single-look',
    rollbackEvidence: judgedAny ? result.rollbackEvidence : null,
    promoteEvidence: judgedAny ? result.promoteEvidence : null,
    promoteHeldBack: result.veto || result.looksToWait > 0 || promoteLookCount(result) < minimumPromoteLooks,
    beyondRollback: estimate !== undefined && isBeyond(estimate.ratio, limits),
    samples: { canary: result.total.canaryTrials, stable: result.total.stableTrials },
    remaining:
      verdict === 'hold'
        ? ratioRemaining(timeline, series.limits, result, context)
        : { samples: 0, seconds: 0 },
    ...tell(readable(shown.ratio, shown.looks), shown.looks, words),
    ...(note === '' ? {} : { note }),
    ...(heldBy === undefined ? {} : { heldBy }),
    details: { ...words.details, ...detailsOf(timeline, result, estimate?.atLeast === true) },
  };
}

/** The hold of a ratio whose events the histograms do not tell; while nothing is judged yet, only its letter. */
export function asTooCoarse(finding: Finding): Finding {
  const literal = { ...finding.literal, reasonCode: 'buckets-too-coarse' as const };
  return finding.verdict === 'hold' && finding.reasonCode !== 'warming-up'
    ? { ...finding, literal, reasonCode: 'buckets-too-coarse', remaining: 'never' }
    : { ...finding, literal };
}

interface ReadableRatio {
  readonly ratio: number;
  readonly atLeast: boolean;
}

/** A finite ratio: without an event of stable, the one that half an event would give, told as "at least". */
function readable(
  ratio: RateRatio | undefined,
  looks: readonly PairedTailCounts[],
): ReadableRatio | undefined {
  if (ratio === undefined) return undefined;
  if (Number.isFinite(ratio.ratio)) return { ratio: ratio.ratio, atLeast: false };
  const total = sumPairs(looks.filter(isShared));
  return { ratio: (total.canaryEvents * total.stableTrials) / (0.5 * total.canaryTrials), atLeast: true };
}

function tell(
  ratio: ReadableRatio | undefined,
  looks: readonly PairedTailCounts[],
  words: RatioWords,
): { readonly headline: string; readonly measured: string } {
  const total = sumPairs(looks);
  if (ratio !== undefined) {
    return {
      headline: words.headline(ratio.ratio, ratio.atLeast),
      measured: words.measured(ratio.ratio, ratio.atLeast, total),
    };
  }
  const { samples } = words;
  if (total.canaryTrials <= 0) {
    return { headline: `no judged ${samples} yet`, measured: `No judged canary ${samples} yet` };
  }
  return looks.some(isShared)
    ? words.noEvents
    : {
        headline: `no look in which both versions have ${samples}`,
        measured: `There is no judged look in which both versions have ${samples} to compare`,
      };
}

/** Whether a look has something of both arms, so that it says something about their ratio. */
function isShared(pair: PairedTailCounts): boolean {
  return pair.canaryTrials > 0 && pair.stableTrials > 0;
}

/** The table to the letter: the ratio of all looks. */
function literalFinding(series: RatioSeries, words: RatioWords): Finding['literal'] {
  const total = sumPairs(series.pairs);
  const ratio = readable(rateRatio(series.pairs), series.pairs);
  const verdict: Verdict =
    ratio === undefined
      ? 'hold'
      : isBeyond(ratio.ratio, series.limits)
        ? 'rollback'
        : isWithin(ratio.ratio, series.limits) && !ratio.atLeast
          ? 'promote'
          : 'hold';
  return {
    verdict,
    ...(ratio === undefined
      ? { reasonCode: series.pairs.some(isShared) ? 'more-evidence-needed' : 'no-baseline' }
      : {}),
    estimate: ratio === undefined ? null : words.asEstimate(ratio.ratio),
    samples: { canary: total.canaryTrials, stable: total.stableTrials },
    ...tell(ratio, series.pairs, words),
  };
}

function decide(
  result: RatioResult,
  limits: RatioLimits,
  settings: GuardrailSettings,
  context: JudgeContext,
): { readonly verdict: Verdict; readonly reasonCode: ReasonCode; readonly heldBy?: string } {
  const rollbackProven = result.rollbackEvidence >= context.rollbackNeeded;
  if (rollbackProven && result.rollbackGate && result.confirmed) {
    return { verdict: 'rollback', reasonCode: 'rollback' };
  }
  const promoteProven = result.promoteEvidence >= context.promoteNeeded && result.promoteGate;
  const heldBack = result.veto || result.looksToWait > 0;
  if (promoteProven && promoteLookCount(result) >= minimumPromoteLooks && !heldBack) {
    return { verdict: 'promote', reasonCode: 'promote' };
  }
  if (result.total.canaryTrials <= 0) {
    const reasonCode = result.pastWarmUp ? 'stable-breaches-too' : 'warming-up';
    return { verdict: 'hold', reasonCode };
  }
  if (!result.judged.some(isShared)) return { verdict: 'hold', reasonCode: 'no-baseline' };
  if (result.looksToWait > 0) {
    const often = result.incidents >= 2 ? 'more than once' : 'lately';
    return {
      verdict: 'hold',
      reasonCode: result.incidents >= 2 ? 'stable-breaches-again' : 'stable-breaches-too',
      heldBy: `The stable version did far worse than usual ${often}, and in those looks nobody watched the canary: it holds until stable has been calm for ${result.looksToWait} more looks.`,
    };
  }
  if (promoteLookCount(result) < minimumPromoteLooks) return { verdict: 'hold', reasonCode: 'new-stage' };
  if (promoteProven) return { verdict: 'hold', reasonCode: 'turning-bad' };
  if (result.ratio !== undefined && !result.rollbackGate && !pointsToPromote(result, limits)) {
    return { verdict: 'hold', reasonCode: 'between-thresholds' };
  }
  return {
    verdict: 'hold',
    reasonCode: 'more-evidence-needed',
    ...(rollbackProven
      ? {
          heldBy: result.rollbackGate
            ? `A single look carries this evidence for ${settings.name}: a second one has to confirm it.`
            : 'The figure has to lie further beyond the limit for so few events.',
        }
      : {}),
  };
}

/** The ratio that decided: that of the window for a rollback, of the looks a promote is made from, else of all. */
function shownRatio(
  result: RatioResult,
  verdict: Verdict,
  limits: RatioLimits,
): { readonly ratio: RateRatio | undefined; readonly looks: readonly PairedTailCounts[] } {
  if (verdict === 'rollback') {
    return { ratio: result.window.ratio, looks: result.judged.slice(result.window.start - 1) };
  }
  const points =
    pointsToPromote(result, limits) || (result.ratio !== undefined && isWithin(result.ratio.ratio, limits));
  if ((verdict === 'promote' || points) && result.promoteRatio !== undefined) {
    return { ratio: result.promoteRatio, looks: result.promoteLooks };
  }
  return { ratio: result.ratio, looks: result.judged };
}

function intervalOf(ratio: RateRatio | undefined, words: RatioWords): Finding['interval'] {
  if (ratio?.interval === undefined) return null;
  const [low, high] = ratio.interval;
  return [words.asEstimate(low), words.asEstimate(high)];
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
