import type { RolloutState } from './rollout-state.js';
import type { ObservedTarget } from './target-state.js';

/**
 * Writes down the name of the carried model's version, which it has only once the platform made it. Known by the share that
 * came with it: a version that somebody else brings has another.
 */
export function recordCanary(
  state: RolloutState,
  target: ObservedTarget,
  askedPercent: number,
): RolloutState {
  if (state.canary !== null || target.canary === null || target.canary === state.stable) return state;
  if (state.uid !== target.uid || target.configuredPercent !== askedPercent) return state;
  return { ...state, canary: target.canary, fingerprint: target.fingerprint };
}
