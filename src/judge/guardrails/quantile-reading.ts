import { median } from 'simple-statistics';
import type { ArmCounts } from '../../domain/observations.js';
import { formatMilliseconds } from '../../domain/units.js';
import { sum } from '../../statistics/sums.js';
import { isAbove } from '../comparisons.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { literalBelow } from '../literal.js';
import type { Timeline } from '../timeline.js';
import type { LatencyQuantileSettings } from './latency-settings.js';
import { quantileAgainstLimits, quantileName } from './latency-words.js';
import {
  decideQuantiles,
  quantileLooks,
  quantileLooksOf,
  testQuantiles,
  type QuantileDecision,
  type QuantileLook,
  type QuantileResult,
} from './quantile-test.js';
import { serverQuantile } from './server-quantiles.js';

/**
 * `latency-quantile` where servers tell quantiles and no histograms. Each server computes its own, over a window of its
 * own: they cannot be pooled, nothing tells how many requests stand behind them, and so no evidence can be weighed.
 */
export const quantileReading: Pick<
  GuardrailKind<LatencyQuantileSettings>,
  'sampleName' | 'unguaranteed' | 'samplesOf' | 'judge'
> = {
  sampleName: 'request times',
  unguaranteed: 'judged by quantiles that its servers computed, without a stated rate of wrong verdicts',
  samplesOf: (arm, { quantile }) => (serverQuantile(arm, quantile) === undefined ? undefined : arm.requests),
  judge: judgeQuantiles,
};

const note =
  'each server computes this quantile over a window of its own, so nothing is said about chance; with histogram buckets it would be judged by evidence';

function judgeQuantiles(
  timeline: Timeline,
  settings: LatencyQuantileSettings,
  context: JudgeContext,
): Finding {
  const result = testQuantiles(timeline, settings, context.policy.sharedIncident);
  const decision = decideQuantiles(result, settings);
  const all = quantileLooksOf(timeline, settings.quantile, 'canary');
  const allStable = quantileLooksOf(timeline, settings.quantile, 'stable');
  const literal = middleOf(all);
  const leftOut = leftOutLooks(result);
  const samples = samplesOf(timeline, settings, result.usable);
  const stable = middleOf(allStable.filter(({ position }) => result.usable[position - 1] === true));
  const estimate = result.middle;
  return {
    verdict: decision.verdict,
    reasonCode: decision.reasonCode,
    literal: {
      verdict: literalBelow(literal, settings),
      estimate: literal,
      samples: samplesOf(timeline, settings),
      headline: headlineOf(literal, settings),
      measured: measuredOf(literal, all, middleOf(allStable), settings),
    },
    estimate,
    interval: null,
    intervalKind: null,
    rollbackEvidence: null,
    promoteEvidence: null,
    promoteHeldBack: decision.promoteHeldBack,
    beyondRollback: estimate !== null && isAbove(estimate, settings.rollbackAbove),
    samples,
    remaining: remainingOf(decision, samples.canary / Math.max(1, result.looks.length), timeline),
    headline: headlineOf(estimate, settings),
    measured: measuredOf(estimate, result.looks, stable, settings),
    unweighed: groundsOf(decision, settings),
    note:
      leftOut.length === 0
        ? note
        : `${leftOut.length} of ${timeline.looks.length} looks left out because the stable version breached in them too; ${note}`,
    ...(decision.heldBy === undefined ? {} : { heldBy: decision.heldBy }),
    details: {
      scalar: true,
      quantile: settings.quantile,
      looks: result.looks.length,
      largest: largestOf(result.looks),
      largestOfLatest: result.largestOfLatest,
      newest: result.newest,
      ...(stable === null ? {} : { stableEstimate: stable }),
      ...(literal === estimate ? {} : { withAllLooks: { estimate: literal } }),
      ...(leftOut.length === 0 ? {} : { leftOutLooks: leftOut, incidents: result.incident.episodes.length }),
    },
  };
}

function middleOf(looks: readonly QuantileLook[]): number | null {
  return looks.length === 0 ? null : median(looks.map(({ milliseconds }) => milliseconds));
}

function largestOf(looks: readonly QuantileLook[]): number | null {
  return looks.reduce<number | null>((most, { milliseconds }) => Math.max(most ?? 0, milliseconds), null);
}

function leftOutLooks({ incident }: QuantileResult): readonly number[] {
  return incident.leftOut.flatMap((left, index) => (left ? [index + 1] : []));
}

/** Requests in all looks, or in those that are marked: about those that the quantiles are of. */
function samplesOf(
  timeline: Timeline,
  settings: LatencyQuantileSettings,
  marked?: readonly boolean[],
): Finding['samples'] {
  const looks = timeline.looks.filter((_, index) => marked === undefined || marked[index] === true);
  const total = (arm: 'canary' | 'stable') =>
    sum(looks.map(({ [arm]: counts }) => (counts === undefined ? 0 : (requestsOf(counts, settings) ?? 0))));
  return { canary: total('canary'), stable: total('stable') };
}

function requestsOf(arm: ArmCounts, { quantile }: LatencyQuantileSettings): number | undefined {
  return serverQuantile(arm, quantile) === undefined ? undefined : arm.requests;
}

function remainingOf(
  { verdict, moreLooks }: QuantileDecision,
  requestsPerLook: number,
  timeline: Timeline,
): Finding['remaining'] {
  if (verdict !== 'hold') return { samples: 0, seconds: 0 };
  if (moreLooks === null) return null;
  return {
    samples: Math.ceil(moreLooks * requestsPerLook),
    seconds: Math.ceil(moreLooks * timeline.meanLookSeconds),
  };
}

function headlineOf(milliseconds: number | null, settings: LatencyQuantileSettings): string {
  return milliseconds === null
    ? 'no judged request times yet'
    : quantileAgainstLimits(milliseconds, settings);
}

function measuredOf(
  milliseconds: number | null,
  looks: readonly QuantileLook[],
  stable: number | null,
  settings: LatencyQuantileSettings,
): string {
  const newest = looks.at(-1)?.milliseconds;
  if (milliseconds === null || newest === undefined) return 'No judged canary request times yet';
  const largest = largestOf(looks.slice(-quantileLooks)) ?? newest;
  const compared =
    stable === null
      ? 'there are no request times of a stable version to compare with'
      : `the stable version's is ${formatMilliseconds(stable)}`;
  const many = looks.length === 1 ? '1 look' : `${looks.length} looks`;
  return `The ${quantileName(settings)} that the canary's servers tell is ${formatMilliseconds(milliseconds)} at the median of ${many} (${formatMilliseconds(largest)} at most in the latest ${Math.min(looks.length, quantileLooks)}, ${formatMilliseconds(newest)} in the newest); ${compared}`;
}

function groundsOf(
  { verdict }: QuantileDecision,
  { promoteBelow, rollbackAbove }: LatencyQuantileSettings,
): NonNullable<Finding['unweighed']> {
  switch (verdict) {
    case 'promote':
      return {
        grounds: `The median and the latest ${quantileLooks} looks are below ${formatMilliseconds(promoteBelow)}`,
      };
    case 'rollback':
      return { grounds: `The median and the newest look are above ${formatMilliseconds(rollbackAbove)}` };
    case 'hold':
      return {};
  }
}
