import type { ArmCounts } from '../domain/observations.js';
import type { GuardrailSettings } from '../domain/policy.js';
import { formatInstant } from '../domain/units.js';
import type { GuardrailKind } from './guardrail-kind.js';
import type { Timeline, TimelineLook } from './timeline.js';

/** An arm that has stopped reporting what a guardrail reads, while the other has not. */
export interface Silence {
  readonly arm: 'canary' | 'stable';
  /** The stable version has no traffic at all: what is proven of the time before stands, nothing else does. */
  readonly withoutTraffic: boolean;
  /** `The canary has had no predictions since 10:15…` */
  readonly told: string;
}

/** Samples that an arm would have had at the other's rate, before their absence means something. */
const expectedSamples = 10;

/**
 * Whether an arm has traffic but no samples of a guardrail any more: the canary since at least `staleAfter`, or in all judged
 * looks of the present stage; the stable version, where it is the baseline, since at least `staleAfter`. What was counted
 * before says nothing of now, and nothing of this weight.
 */
export function silenceOf(
  timeline: Timeline,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  staleAfterSeconds: number,
): Silence | undefined {
  const served = timeline.looks.filter((look) => look.canaryTraffic);
  const samples = (arm: ArmCounts | undefined) =>
    arm === undefined ? 0 : (kind.samplesOf(arm, settings) ?? 0);
  const since = (arm: 'canary' | 'stable') => {
    const silent = served.slice(served.findLastIndex((look) => samples(look[arm]) > 0) + 1);
    const longEnough = (timeline.asOfMs ?? 0) - (silent[0]?.startMs ?? Infinity) >= staleAfterSeconds * 1000;
    return longEnough ? silent : [];
  };
  const present = served.filter((look) => look.stage === timeline.presentStage && !look.warmUp);
  for (const span of [since('canary'), present]) {
    const { canary, stable, canaryRequests, stableRequests } = totals(span, samples);
    const expected = stableRequests > 0 ? (stable * canaryRequests) / stableRequests : 0;
    if (canary === 0 && expected >= expectedSamples) {
      return {
        arm: 'canary',
        withoutTraffic: false,
        told: tell('The canary', 'the stable version', span, kind),
      };
    }
  }
  if (!kind.needsBaseline(settings)) return undefined;
  const span = since('stable');
  const { canary, canaryRequests, stableRequests } = totals(span, samples);
  const withoutTraffic = stableRequests === 0;
  const expected = withoutTraffic ? canary : (canary * stableRequests) / canaryRequests;
  return expected >= expectedSamples
    ? { arm: 'stable', withoutTraffic, told: tell('The stable version', 'the canary', span, kind) }
    : undefined;
}

function totals(span: readonly TimelineLook[], samples: (arm: ArmCounts | undefined) => number) {
  let [canary, stable, canaryRequests, stableRequests] = [0, 0, 0, 0];
  for (const look of span) {
    canary += samples(look.canary);
    stable += samples(look.stable);
    canaryRequests += look.canary?.requests ?? 0;
    stableRequests += look.stable?.requests ?? 0;
  }
  return { canary, stable, canaryRequests, stableRequests };
}

function tell(silent: string, other: string, span: readonly TimelineLook[], kind: GuardrailKind): string {
  const [first] = span;
  const since = first === undefined ? '' : ` since ${formatInstant(first.startMs)}`;
  return `${silent} has had no ${kind.sampleName}${since}, ${other} has: nothing is known of now, so it holds. Check whether they are still reported.`;
}
