import { isEnd } from '../machine/phase.js';
import { beginAgain, initialState, type RolloutState } from '../machine/rollout-state.js';
import type { SavedState } from './saved-state.js';

/**
 * The state to go on with. A higher `spec.run` than the one that ended begins anew, as another attempt; what was told, and
 * which commands were obeyed, stays known. While a run goes on a higher one waits for its end.
 */
export function stateToGoOnWith(
  saved: Exclude<SavedState, { kind: 'unreadable' }>,
  wantedRun: number,
  nowMs: number,
): { readonly state: RolloutState; readonly run: number; readonly isSaved: boolean } {
  if (saved.kind === 'new') return { state: initialState(nowMs), run: wantedRun, isSaved: false };
  const { state, run } = saved;
  if (wantedRun <= run || !isEnd(state.phase)) return { state, run, isSaved: true };
  return { state: beginAgain(state, nowMs), run: wantedRun, isSaved: false };
}
