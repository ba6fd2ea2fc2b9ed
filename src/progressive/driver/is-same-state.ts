import { isDeepStrictEqual } from 'node:util';
import type { RolloutState } from '../machine/rollout-state.js';

/** Whether nothing would be saved that is not there already: a status that is written for nothing wakes all who watch it. */
export function isSameState(one: RolloutState, other: RolloutState): boolean {
  return one === other || isDeepStrictEqual(one, other);
}
