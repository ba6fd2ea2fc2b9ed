import { identityOf } from './identity.js';
import type { RolloutSpec } from './rollout-spec.js';
import type { RolloutState } from './rollout-state.js';
import type { ObservedTarget } from './target-state.js';

/**
 * Writes down the name of the carried model's version, which it has only once the platform made it, and from when on it has
 * traffic: also while the rollout is paused, so that it is never served unwatched.
 */
export function recordCanary(
  spec: RolloutSpec,
  state: RolloutState,
  target: ObservedTarget,
  nowMs: number,
): RolloutState {
  const named = withName(spec, state, target);
  const percent = target.observedPercent;
  const isServing = named.canary !== null && percent !== null && percent > 0;
  if (named.startedAtMs !== null || !isServing || identityOf(named, target).kind !== 'same') return named;
  return { ...named, startedAtMs: nowMs, weights: [{ percent, fromMs: nowMs }] };
}

function withName({ newVersion }: RolloutSpec, state: RolloutState, target: ObservedTarget): RolloutState {
  if (newVersion !== 'carried' || state.canary !== null || state.uid !== target.uid) return state;
  if (target.canary === null || target.canary === state.stable || !target.isCarriedModel) return state;
  return { ...state, canary: target.canary, fingerprint: target.fingerprint };
}
