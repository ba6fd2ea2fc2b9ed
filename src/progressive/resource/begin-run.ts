import { isEnd } from '../machine/phase.js';
import { initialState, type RolloutState } from '../machine/rollout-state.js';
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
  const anew: RolloutState = {
    ...initialState(nowMs),
    attempt: state.attempt + 1,
    handledCommands: state.handledCommands,
    outbox: state.outbox,
    alertCount: state.alertCount,
    history: state.history,
  };
  return { state: anew, run: wantedRun, isSaved: false };
}
