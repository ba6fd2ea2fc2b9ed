import { identityOf } from './identity.js';
import type { RolloutState } from './rollout-state.js';
import type { Situation } from './situation.js';

const longestTimeline = 100;

/** Writes down what is seen, before anything is decided from it: the verdict, the canary's share, since when it is not ready. */
export function notice({ state, target, verdict, nowMs }: Situation): RolloutState {
  const isNew =
    verdict !== null &&
    verdict.attempt === state.attempt &&
    verdict.toMs >= (state.lastVerdict?.toMs ?? -Infinity);
  const noticed: RolloutState = isNew ? { ...state, lastVerdict: verdict } : state;
  if (target.kind !== 'observed' || state.canary === null) return noticed;
  if (identityOf(state, target).kind !== 'same') return noticed;
  const isReady = target.readiness.kind === 'ready';
  const seen: RolloutState = { ...noticed, unreadySinceMs: isReady ? null : (state.unreadySinceMs ?? nowMs) };
  const percent = target.observedPercent;
  if (state.startedAtMs === null || percent === null || percent === state.weights.at(-1)?.percent)
    return seen;
  return { ...seen, weights: [...state.weights, { percent, fromMs: nowMs }].slice(-longestTimeline) };
}
