import type { TargetResult } from '../target.js';
import type { TargetAction } from './action.js';
import { isEnd } from './phase.js';
import type { RolloutState } from './rollout-state.js';

/**
 * The state after a change of the target was tried. Only a refusal has to be remembered: how all else stands is seen in the
 * next reading.
 */
export function afterAction(state: RolloutState, action: TargetAction, result: TargetResult): RolloutState {
  if (result.kind !== 'refused' || isEnd(state.phase)) return state;
  return { ...state, refusal: { action: action.kind, reason: result.reason } };
}
