import { formatSeconds } from '../../../domain/units.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import { rollBack } from '../transitions.js';

/** A canary that its platform gives up, or that is not ready for too long, goes back. */
export function requireReadiness(situation: Situation): RolloutState | undefined {
  if (!isObserved(situation)) return undefined;
  const { spec, state, target, nowMs } = situation;
  if (state.canary === null || target.canary !== state.canary || target.readiness.kind === 'ready') {
    return undefined;
  }
  const { readiness } = target;
  if (readiness.kind === 'failed') {
    return rollBack(situation, 'not-ready', `${state.canary} failed to become ready: ${readiness.text}`);
  }
  if (state.unreadySinceMs === null || nowMs < state.unreadySinceMs + spec.readyLimitSeconds * 1000) {
    return undefined;
  }
  const waited = formatSeconds(spec.readyLimitSeconds);
  return rollBack(situation, 'not-ready', `${state.canary} is not ready since ${waited}: ${readiness.text}`);
}
