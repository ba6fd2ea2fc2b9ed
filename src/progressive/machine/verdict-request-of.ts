import { runningPhase } from './expected-percents.js';
import { identityOf } from './identity.js';
import { lookMs, newestLookEndMs } from './look-times.js';
import type { Phase } from './phase.js';
import type { RolloutSpec } from './rollout-spec.js';
import { isObserved, type Situation } from './situation.js';
import { stageKey } from './stage-key.js';
import { stageAt } from './stages.js';
import type { VerdictRequest } from './verdict-request.js';

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
  const fromMs = spec.evidence.kind === 'window' ? windowFromMs(situation, spec.evidence, toMs) : startMs;
  if (toMs <= fromMs || (lastVerdict?.key === key && lastVerdict.toMs >= toMs)) return undefined;
  const { confidence, proxyIfUndecided } = stageAt(spec, state.percent);
  return {
    key,
    attempt: state.attempt,
    canary,
    stable,
    fromMs,
    toMs,
    weights: state.weights,
    policy: spec.policy,
    leftOutSeconds: spec.evidence.kind === 'window' ? null : longestStabilisation(spec, state.percent),
    confidence,
    proxyIfUndecided,
  };
}

/** No look of the stabilisation is in the window. */
function windowFromMs(
  { state: { phase } }: Situation,
  { windowSeconds }: { readonly windowSeconds: number },
  toMs: number,
): number {
  const running = runningPhase(phase);
  const sinceMs = running?.kind === 'analysing' ? running.sinceMs : toMs;
  return Math.max(Math.ceil(sinceMs / lookMs) * lookMs, toMs - windowSeconds * 1000);
}

/** What was left out at an earlier stage stays left out at a later one that asks for less. */
function longestStabilisation({ stages }: RolloutSpec, percent: number): number {
  const passed = stages.filter((stage, index) => index === 0 || stage.percent <= percent);
  return Math.max(...passed.map(({ stabilisationSeconds }) => stabilisationSeconds));
}

/** A window would be judged on looks that have not stabilised; evidence since the start is watched all the time. */
function isWatched(spec: RolloutSpec, phase: Phase): boolean {
  switch (phase.kind) {
    case 'analysing':
      return true;
    case 'paused':
      return spec.evidence.kind === 'since-start' || phase.interrupted.kind === 'analysing';
    case 'shifting':
    case 'stabilising':
    case 'promoting':
      return spec.evidence.kind === 'since-start';
    default:
      return false;
  }
}
