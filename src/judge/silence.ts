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
 * Whether an arm has traffic but no samples of a guardrail any more: the canary in the looks of the last `staleAfter`, or
 * in all judged looks of the present stage; the stable version, where it is the baseline, in the former. What was counted
 * before says nothing of now, and nothing of this weight.
 */
export function silenceOf(
  timeline: Timeline,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  staleAfterSeconds: number,
): Silence | undefined {
  const { asOfMs } = timeline;
  if (asOfMs === null) return undefined;
  const served = timeline.looks.filter((look) => look.canaryTraffic);
  const recent = served.filter((look) => look.endMs > asOfMs - staleAfterSeconds * 1000);
  const present = served.filter((look) => look.stage === timeline.presentStage && !look.warmUp);
  for (const span of [recent, present]) {
    const { canary, stable, canaryRequests, stableRequests } = totals(span, settings, kind);
    const expected = stableRequests > 0 ? (stable * canaryRequests) / stableRequests : 0;
    if (canary === 0 && expected >= expectedSamples) {
      return {
        arm: 'canary',
        withoutTraffic: false,
        told: tell('The canary', 'the stable version', span, kind),
      };
    }
    if (span === recent && kind.needsBaseline(settings) && stable === 0 && canary >= expectedSamples) {
      return {
        arm: 'stable',
        withoutTraffic: stableRequests === 0,
        told: tell('The stable version', 'the canary', span, kind),
      };
    }
  }
  return undefined;
}

function totals(span: readonly TimelineLook[], settings: GuardrailSettings, kind: GuardrailKind) {
  const samples = (arm: ArmCounts | undefined) =>
    arm === undefined ? 0 : (kind.samplesOf(arm, settings) ?? 0);
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
