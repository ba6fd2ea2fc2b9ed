import { identityOf } from './identity.js';
import type { Phase } from './phase.js';
import type { RolloutSpec } from './rollout-spec.js';
import { isObserved, type Situation } from './situation.js';
import { stageKey } from './stage-key.js';
import { stageAt } from './stages.js';
import type { VerdictRequest } from './verdict-request.js';

/** Length of a look, and how long after its end it is complete: as the sources have it. */
export const lookMs = 60_000;
export const settleMs = 10_000;

/** The end of the newest complete look. */
export function newestLookEndMs(nowMs: number): number {
  return Math.floor((nowMs - settleMs) / lookMs) * lookMs;
}

/**
 * The question to the judge; undefined where there is none: the look is judged already, or the versions seen are not the two
 * that are compared, so that stable is never judged against stable.
 */
export function verdictRequestOf(situation: Situation): VerdictRequest | undefined {
  if (!isObserved(situation) || !isWatched(situation.spec, situation.state.phase)) return undefined;
  const { spec, state, target, nowMs } = situation;
  const { canary, stable, startedAtMs, lastVerdict } = state;
  if (canary === null || stable === null || canary === stable || startedAtMs === null) return undefined;
  if (target.stable !== stable || identityOf(state, target).kind !== 'same') return undefined;
  const key = stageKey(spec, state);
  const toMs = newestLookEndMs(nowMs);
  const startMs = Math.floor(startedAtMs / lookMs) * lookMs;
  const fromMs =
    spec.evidence.kind === 'window' ? Math.max(startMs, toMs - spec.evidence.windowSeconds * 1000) : startMs;
  if (toMs <= fromMs || (lastVerdict?.key === key && lastVerdict.toMs >= toMs)) return undefined;
  const { stabilisationSeconds, confidence, proxyIfUndecided } = stageAt(spec, state.percent);
  return {
    key,
    attempt: state.attempt,
    canary,
    stable,
    fromMs,
    toMs,
    weights: state.weights,
    policy: spec.policy,
    leftOutSeconds: spec.evidence.kind === 'window' ? null : stabilisationSeconds,
    confidence,
    proxyIfUndecided,
  };
}

/** A window would be judged on looks that have not stabilised; evidence since the start is watched all the time. */
function isWatched(spec: RolloutSpec, phase: Phase): boolean {
  switch (phase.kind) {
    case 'analysing':
      return true;
    case 'shifting':
    case 'stabilising':
    case 'paused':
    case 'promoting':
      return spec.evidence.kind === 'since-start';
    default:
      return false;
  }
}
