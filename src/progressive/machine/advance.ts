import { notify } from './notify.js';
import type { RolloutState } from './rollout-state.js';
import type { Situation } from './situation.js';
import { percentAfter } from './stages.js';
import { enter, shift } from './transitions.js';

/** One stage on; from the last judged one to promotion. */
export function advance(situation: Situation, because: string): RolloutState {
  const { spec, state } = situation;
  const percent = percentAfter(spec, state.percent);
  return percent >= 100 ? promote(situation, because) : shift(situation, state.percent, percent);
}

/** Everything to the canary. */
export function promote({ state, nowMs }: Situation, because: string): RolloutState {
  const promoting = enter(state, { kind: 'promoting', fromPercent: state.percent, sinceMs: nowMs });
  return notify(promoting, 'promoting', `${state.canary ?? ''} gets all of the traffic: ${because}`, nowMs);
}
