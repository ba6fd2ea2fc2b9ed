import { z } from 'zod';
import { quantileField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import type { ArmCounts } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { formatMilliseconds, trimNumber } from '../../domain/units.js';
import { bucketQuantile, tailCounts } from '../../statistics/bucket-quantile.js';
import { addInto, sum } from '../../statistics/sums.js';
import type { Finding, GuardrailKind, JudgeContext } from '../guardrail-kind.js';
import { latencyRatioPlanning } from '../plan/kinds/latency-ratio.js';
import type { Timeline } from '../timeline.js';
import { asTooCoarse, judgeRatio, type RatioWords } from './ratio-finding.js';
import { ratioSeries } from './ratio-series.js';
import { hasOnlyServerQuantiles } from './server-quantiles.js';
import { bothShares, ratioHeadline, ratioLimitFields, timesAs } from './ratio-words.js';

/** How many times as many of the canary's requests as of stable's are slower than stable's own quantile. */
export interface LatencyRatioSettings extends GuardrailSettings {
  readonly kind: 'latency-ratio';
  readonly quantile: number;
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
}

/** Stable requests that choose the bound; until there are as many, all that there are. */
const boundRequests = 1000;

const schema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('latency-ratio'),
    quantile: quantileField()
      .default(0.99)
      .describe('slow is what lies above the histogram bound nearest to this quantile of the stable version'),
    ...ratioLimitFields,
  })
  .transform((fields): LatencyRatioSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    quantile: fields.quantile,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
  }));

export const latencyRatio: GuardrailKind<LatencyRatioSettings> = {
  kind: 'latency-ratio',
  summary: "how many times as often as the stable version's the canary's requests are slow",
  unit: 'ratio',
  sampleName: 'requests',
  guarantee: 'asymptotic',
  basis: 'comparison',
  needsBaseline: () => true,
  schema,
  describeNull: (settings, direction) =>
    direction === 'rollback'
      ? `at most ${trimNumber(settings.promoteBelow)} times stable's slow requests`
      : `at least ${trimNumber(settings.rollbackAbove)} times stable's slow requests`,
  thresholds: ({ promoteBelow, rollbackAbove }) => ({ promoteBelow, rollbackAbove }),
  missingWords: (timeline) =>
    hasOnlyServerQuantiles(timeline)
      ? {
          headline: 'quantiles alone, no histogram of request times',
          told: 'there are quantiles of the request times but no histogram buckets, and how many requests are slow cannot be told from quantiles',
        }
      : undefined,
  samplesOf: (arm) => (arm.latency === undefined ? undefined : sum(arm.latency.counts)),
  judge: judgeLatencyRatio,
  planning: latencyRatioPlanning,
};

function judgeLatencyRatio(
  timeline: Timeline,
  settings: LatencyRatioSettings,
  context: JudgeContext,
): Finding {
  const boundMs = chooseBound(timeline, settings);
  const slow = (arm: ArmCounts | undefined) => slowRequests(arm, boundMs);
  const series = ratioSeries(timeline, slow, {
    limits: { ...settings, twoSided: false },
    promoteOnStage: true,
    leaveIncidentsOut: true,
  });
  const finding = judgeRatio(timeline, series, wordsOf(settings, boundMs), settings, context);
  return boundMs === undefined ? asTooCoarse(finding) : finding;
}

function slowRequests(arm: ArmCounts | undefined, boundMs: number | undefined) {
  const latency = arm?.latency;
  if (latency === undefined) return { trials: 0, events: 0 };
  const index = boundMs === undefined ? -1 : latency.boundsMs.indexOf(boundMs);
  return { trials: sum(latency.counts), events: tailCounts(latency.counts)[index] ?? 0 };
}

/** How many times 1 - quantile of stable's requests may count as slow: with more, a ratio says little. */
const largestShareFactor = 3;

/**
 * The histogram bound nearest to stable's quantile, from the looks before the canary where they hold enough requests,
 * else from the first looks that do: chosen without looking at the canary. Where far more of stable's requests lie above
 * it than the quantile says, or so many that no canary could reach the limit with a margin, the next bound above.
 *
 * @returns undefined without stable requests, or where no bound has a share of them that tells a ratio
 */
function chooseBound(
  timeline: Timeline,
  { quantile, rollbackAbove }: LatencyRatioSettings,
): number | undefined {
  const bounds = [...timeline.before, ...timeline.looks].find((look) => look.stable?.latency !== undefined)
    ?.stable?.latency?.boundsMs;
  if (bounds === undefined) return undefined;
  const before: number[] = [];
  for (const look of timeline.before) addInto(before, look.stable.latency?.counts ?? []);
  const counts = sum(before) >= boundRequests ? before : firstRequests(timeline);
  const value = bucketQuantile(bounds, counts, quantile, 'exponential')?.value;
  if (value === undefined) return undefined;
  const nearest = bounds.reduce((best, bound) =>
    Math.abs(bound - value) < Math.abs(best - value) ? bound : best,
  );
  const wanted = (1 - quantile) * sum(counts);
  const most = Math.min(largestShareFactor * wanted, (0.5 / rollbackAbove) * sum(counts));
  const tails = tailCounts(counts);
  const chosen = bounds.find((bound, i) => bound >= nearest && (tails[i] ?? 0) <= most);
  if (chosen === undefined || chosen === nearest) return chosen;
  // Moved up to where hardly anything lies, it would not see what happens between the two.
  return (tails[bounds.indexOf(chosen)] ?? 0) >= wanted / largestShareFactor ? chosen : undefined;
}

function firstRequests(timeline: Timeline): readonly number[] {
  const counts: number[] = [];
  for (const look of timeline.looks) {
    addInto(counts, look.stable?.latency?.counts ?? []);
    if (sum(counts) >= boundRequests) break;
  }
  return counts;
}

function wordsOf(settings: LatencyRatioSettings, boundMs: number | undefined): RatioWords {
  const over = boundMs === undefined ? 'long' : `over ${formatMilliseconds(boundMs)}`;
  const slow = boundMs === undefined ? 'slow requests' : `requests ${over}`;
  const quantile = `p${trimNumber(settings.quantile * 100, 6)}`;
  return {
    asEstimate: (ratio) => ratio,
    headline: (ratio, atLeast) => ratioHeadline(slow, ratio, atLeast, settings),
    measured: (ratio, atLeast, total) =>
      `The canary's requests take ${over} ${timesAs(ratio, atLeast)} often as the stable version's of the same looks (${bothShares(total)} requests); the bound lies nearest to stable's ${quantile}`,
    noEvents:
      boundMs === undefined
        ? {
            headline: `no histogram bound near stable's ${quantile}`,
            measured: `No histogram bound lies near the stable version's ${quantile}, so nothing tells which requests are slow`,
          }
        : {
            headline: `no ${slow} in either version`,
            measured: `Neither version has had ${slow} in the judged looks`,
          },
    samples: 'requests',
    details: { boundMs: boundMs ?? null },
    ...(boundMs === undefined ? { note: `add histogram bounds near the stable version's ${quantile}` } : {}),
  };
}
