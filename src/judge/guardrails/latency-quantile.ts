import type { ArmCounts, LatencyCounts } from '../../domain/observations.js';
import { formatCount, formatMilliseconds } from '../../domain/units.js';
import {
  bucketQuantile,
  countAbove,
  tailCounts,
  type BucketQuantile,
} from '../../statistics/bucket-quantile.js';
import { sequenceExcludesAbove, sequenceExcludesBelow } from '../../statistics/confidence-sequence.js';
import { addInto, sum } from '../../statistics/sums.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { literalBelow } from '../literal.js';
import { latencyQuantilePlanning } from '../plan/kinds/latency-quantile.js';
import type { Timeline } from '../timeline.js';
import { latencyQuantileSchema, type LatencyQuantileSettings } from './latency-settings.js';
import { lowerBound, quantileAgainstLimits, quantileName, upperBound } from './latency-words.js';
import { quantileReading } from './quantile-reading.js';
import { hasOnlyServerQuantiles, toldQuantiles } from './server-quantiles.js';
import { decideTail, tailDetails, type Direction, type TailDecision } from './tail-finding.js';
import { noTail, type ArmTail, type TailSeries } from './tail-series.js';
import { shownSpan, spanWords, testTail, type ShownSpan, type TailResult } from './tail-test.js';

const cap = 0.95;
const rollbackFactors = [1.5, 2.5, 5, 10, 25, 60];
const promoteFactors = [0.6, 0.3, 0.1, 0.01];

export const latencyQuantile: GuardrailKind<LatencyQuantileSettings> = {
  kind: 'latency-quantile',
  summary: "a quantile of the canary's request time",
  unit: 'ms',
  sampleName: 'requests',
  guarantee: 'exact',
  basis: 'absolute',
  needsBaseline: () => false,
  schema: latencyQuantileSchema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `a ${quantileName(settings)} of ${formatMilliseconds(settings.promoteBelow)} or less`
      : `a ${quantileName(settings)} of ${formatMilliseconds(settings.rollbackAbove)} or more`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({ promoteBelow, rollbackAbove }),
  samplesOf: (arm) => (arm.latency === undefined ? undefined : sum(arm.latency.counts)),
  readingOf: (timeline, { quantile }) =>
    hasOnlyServerQuantiles(timeline, quantile) ? fromQuantiles : latencyQuantile,
  missingWords: (timeline, settings) =>
    hasOnlyServerQuantiles(timeline)
      ? {
          headline: `no ${quantileName(settings)} among the quantiles`,
          told: `there are quantiles of the request times (${toldQuantiles(timeline)}), but neither the ${quantileName(settings)} nor histogram buckets`,
        }
      : undefined,
  judge: judgeLatency,
  planning: latencyQuantilePlanning,
};

/** The same guardrail where servers tell this quantile and no version has histograms. */
const fromQuantiles: GuardrailKind<LatencyQuantileSettings> = { ...latencyQuantile, ...quantileReading };

function judgeLatency(timeline: Timeline, settings: LatencyQuantileSettings, context: JudgeContext): Finding {
  const bounds = sharedBounds(timeline) ?? [];
  const series = latencySeries(timeline, settings, bounds);
  const result = testTail(timeline, series, context);
  const judged = pooled(timeline, 'canary', result.usable);
  const quantile = bucketQuantile(bounds, judged, settings.quantile, settings.interpolation);
  const all = pooled(timeline, 'canary');
  const allStable = pooled(timeline, 'stable');
  const literal = bucketQuantile(bounds, all, settings.quantile, 'linear');
  const stableCounts = pooled(timeline, 'stable', result.usable);
  const stable = bucketQuantile(bounds, stableCounts, settings.quantile, settings.interpolation);
  const estimate = quantile?.value ?? null;
  const direction = directionOf(quantile, settings);
  const decision = explainBuckets(
    decideTail(timeline, series, result, direction, context),
    quantile,
    bounds,
    settings,
    result.promoteEvidence !== null && result.promoteEvidence >= context.promoteNeeded,
  );
  const span = shownSpan(result, decision.verdict, direction === 'promote');
  const told = pooledSpan(timeline, 'canary', result, span);
  const toldStable = pooledSpan(timeline, 'stable', result, span);
  const ofSpan = (counts: readonly number[]) =>
    bucketQuantile(bounds, counts, settings.quantile, settings.interpolation);
  return {
    ...decision,
    literal: {
      verdict: literalBelow(literal?.value ?? null, settings),
      estimate: literal?.value ?? null,
      samples: { canary: sum(all), stable: sum(allStable) },
      headline: headlineOf(literal, settings, 'all'),
      measured: measuredOf(
        literal,
        bucketQuantile(bounds, allStable, settings.quantile, 'linear'),
        settings,
        sum(all),
        'all',
      ),
    },
    estimate,
    interval: knownBracket(bounds, judged, settings.quantile),
    intervalKind: sum(judged) > 0 ? 'anytime' : null,
    rollbackEvidence: result.rollbackEvidence,
    promoteEvidence: result.promoteEvidence,
    beyondRollback: estimate !== null && isAbove(estimate, settings.rollbackAbove),
    samples: { canary: sum(judged), stable: sum(stableCounts) },
    headline: headlineOf(ofSpan(told), settings, span),
    measured: measuredOf(ofSpan(told), ofSpan(toldStable), settings, sum(told), span),
    details: {
      ...tailDetails(timeline, result),
      bounds,
      ...(quantile === undefined ? {} : { bracketMs: quantile.bracket }),
      ...(quantile?.atLeast === true ? { atLeast: true } : {}),
      ...(stable === undefined ? {} : { stableEstimate: stable.value }),
      rollbackBound: rollbackBound(bounds, settings) ?? null,
      promoteBound: promoteBound(bounds, settings) ?? null,
      interpolation: settings.interpolation,
      ...(literal?.value === estimate ? {} : { withAllLooks: { estimate: literal?.value ?? null } }),
    },
  };
}

/** The smallest bound at or above the promote threshold: slower than it is an event against the canary. */
function rollbackBound(bounds: readonly number[], settings: LatencyQuantileSettings): number | undefined {
  return bounds.find((bound) => bound >= settings.promoteBelow);
}

/** The largest bound at or below the rollback threshold: faster than it speaks for the canary. */
function promoteBound(bounds: readonly number[], settings: LatencyQuantileSettings): number | undefined {
  return bounds.filter((bound) => bound <= settings.rollbackAbove).at(-1);
}

function latencySeries(
  timeline: Timeline,
  settings: LatencyQuantileSettings,
  bounds: readonly number[],
): TailSeries {
  const rate = 1 - settings.quantile;
  const upper = rollbackBound(bounds, settings);
  const lower = promoteBound(bounds, settings);
  const scaled = (factors: readonly number[]) => factors.map((factor) => Math.min(cap, rate * factor));
  const known = tailsOf(settings);
  const tail = (arm: ArmCounts | undefined): ArmTail => {
    const latency = arm?.latency;
    if (latency === undefined) return noTail;
    // Without a histogram in the judged looks nothing is above a bound; with one, it is another tail.
    if (bounds.length === 0) return latencyTail(latency, settings, upper, lower);
    const counted = known.get(latency) ?? latencyTail(latency, settings, upper, lower);
    known.set(latency, counted);
    return counted;
  };
  return {
    canary: timeline.looks.map((look) => tail(look.canary)),
    stable: timeline.looks.map((look) => tail(look.stable)),
    before: timeline.before.map((look) => tail(look.stable)),
    rollback: { nullRate: rate, alternatives: scaled(rollbackFactors) },
    promote: { nullRate: rate, alternatives: scaled(promoteFactors) },
    rollbackGateRate: rate,
    promoteGateRate: rate,
    rollbackMeasurable: upper !== undefined,
    rollbackGateMeasurable: (bounds.at(-1) ?? 0) >= settings.rollbackAbove,
  };
}

/** Tails of histograms under given settings: a replay reads the same histograms after every look. */
const knownTails = new WeakMap<LatencyQuantileSettings, WeakMap<LatencyCounts, ArmTail>>();

function tailsOf(settings: LatencyQuantileSettings): WeakMap<LatencyCounts, ArmTail> {
  const known = knownTails.get(settings) ?? new WeakMap<LatencyCounts, ArmTail>();
  knownTails.set(settings, known);
  return known;
}

function latencyTail(
  latency: LatencyCounts,
  settings: LatencyQuantileSettings,
  upper: number | undefined,
  lower: number | undefined,
): ArmTail {
  const { boundsMs, counts } = latency;
  const trials = sum(counts);
  const tails = tailCounts(counts);
  return {
    trials,
    rollbackEvents: upper === undefined ? 0 : (tails[boundsMs.indexOf(upper)] ?? 0),
    promoteEvents: lower === undefined ? trials : (tails[boundsMs.indexOf(lower)] ?? 0),
    beyondRollback: countAbove(boundsMs, counts, settings.rollbackAbove, settings.interpolation),
    beyondPromote: countAbove(boundsMs, counts, settings.promoteBelow, settings.interpolation),
  };
}

function sharedBounds(timeline: Timeline): readonly number[] | undefined {
  for (const look of timeline.looks) {
    const latency = look.canary?.latency ?? look.stable?.latency;
    if (latency !== undefined) return latency.boundsMs;
  }
  return undefined;
}

/** The histogram of an arm over the judged looks of a span. */
function pooledSpan(
  timeline: Timeline,
  arm: 'canary' | 'stable',
  result: TailResult,
  span: ShownSpan,
): readonly number[] {
  const inSpan = timeline.looks.map((look, index) => {
    if (result.usable[index] !== true) return false;
    if (span === 'window') return look.position >= result.window.start;
    return span === 'all' || look.stage === timeline.presentStage;
  });
  return pooled(timeline, arm, inSpan);
}

/** The histogram of an arm summed over all looks, or over those that are marked. */
function pooled(
  timeline: Timeline,
  arm: 'canary' | 'stable',
  marked?: readonly boolean[],
): readonly number[] {
  const counts: number[] = [];
  timeline.looks.forEach((look, index) => {
    if (marked !== undefined && marked[index] !== true) return;
    const latency = look[arm]?.latency;
    if (latency !== undefined) addInto(counts, latency.counts);
  });
  return counts;
}

/**
 * What is known of the quantile at 95 % at all looks: the largest bound it certainly lies above (0 where none) and
 * the smallest it certainly lies below (null where none).
 */
function knownBracket(
  bounds: readonly number[],
  counts: readonly number[],
  quantile: number,
): readonly [number, number | null] | null {
  const trials = sum(counts);
  if (!(trials > 0)) return null;
  const tails = tailCounts(counts);
  let lower = 0;
  let upper: number | null = null;
  bounds.forEach((bound, i) => {
    const events = tails[i] ?? 0;
    if (sequenceExcludesBelow(events, trials, 1 - quantile)) lower = bound;
    else if (upper === null && sequenceExcludesAbove(events, trials, 1 - quantile)) upper = bound;
  });
  return [lower, upper];
}

function directionOf(quantile: BucketQuantile | undefined, settings: LatencyQuantileSettings): Direction {
  if (quantile === undefined) return 'between';
  if (isBelow(quantile.value, settings.promoteBelow)) return 'promote';
  // In the open bucket the quantile is at least the last bound: it may lie beyond a limit above that.
  const beyond = isAbove(quantile.value, settings.rollbackAbove) || quantile.atLeast;
  return beyond ? 'rollback' : 'between';
}

/** Says so where the histogram's bounds, not the traffic, keep the verdict back, and which bound would help. */
function explainBuckets(
  decision: TailDecision,
  quantile: BucketQuantile | undefined,
  bounds: readonly number[],
  settings: LatencyQuantileSettings,
  promoteProven: boolean,
): TailDecision {
  if (decision.verdict !== 'hold' || decision.reasonCode === 'warming-up') return decision;
  const missing = missingBound(bounds, settings);
  if (missing !== undefined) {
    return {
      ...decision,
      reasonCode: 'buckets-too-coarse',
      note: `add a histogram bound at ${formatMilliseconds(missing)}`,
    };
  }
  if (quantile === undefined) return decision;
  const [lower, upper] = quantile.bracket;
  const inside = [settings.promoteBelow, settings.rollbackAbove].filter(
    (threshold) => threshold > lower && (upper === null || threshold < upper),
  );
  const stuck =
    decision.remaining === 'never' || (decision.reasonCode === 'between-thresholds' && promoteProven);
  if (!stuck || inside.length === 0) return decision;
  const bound = inside.map((ms) => formatMilliseconds(ms)).join(' and at ');
  return {
    ...decision,
    remaining: 'never',
    note: `more traffic will not help: add a histogram bound at ${bound}`,
  };
}

/** The threshold without which one of the verdicts cannot be reached at all, or undefined. */
function missingBound(bounds: readonly number[], settings: LatencyQuantileSettings): number | undefined {
  if (rollbackBound(bounds, settings) === undefined) return settings.promoteBelow;
  const reachable =
    (bounds.at(-1) ?? 0) >= settings.rollbackAbove && promoteBound(bounds, settings) !== undefined;
  return reachable ? undefined : settings.rollbackAbove;
}

function headlineOf(
  quantile: BucketQuantile | undefined,
  settings: LatencyQuantileSettings,
  span: ShownSpan,
): string {
  if (quantile === undefined) return 'no judged requests yet';
  const { value, atLeast } = quantile;
  if (atLeast)
    return `${quantileName(settings)}${spanWords[span].short} above ${lowerBound(value)}, the last histogram bound`;
  return quantileAgainstLimits(value, settings, spanWords[span].short);
}

function measuredOf(
  quantile: BucketQuantile | undefined,
  stable: BucketQuantile | undefined,
  settings: LatencyQuantileSettings,
  samples: number,
  span: ShownSpan,
): string {
  if (quantile === undefined) return 'No judged canary request times yet';
  const name = quantileName(settings);
  const [lower, upper] = quantile.bracket;
  const where =
    upper === null
      ? `above ${lowerBound(lower)}, the last histogram bound`
      : `about ${formatMilliseconds(quantile.value)} (between ${lowerBound(lower)} and ${upperBound(upper)})`;
  const compared =
    stable === undefined
      ? 'there are no request times of a stable version to compare with'
      : `the stable version's is ${stable.atLeast ? 'above ' : ''}${formatMilliseconds(stable.value)}`;
  return `The ${name} of ${formatCount(samples)} canary requests${spanWords[span].long} is ${where}; ${compared}`;
}
