import { formatSeconds } from '../../domain/units.js';
import { notify } from './notify.js';
import { isEnd } from './phase.js';
import type { RolloutState } from './rollout-state.js';
import type { TargetState } from './target-state.js';

/** How long a target may not be readable before people are told: an API server that restarts takes less. */
export const unseenLimitMs = 300_000;

const longestReason = 300;

/** Since when the target cannot be read, told once after a while, and once more when it can be again. */
export function noticeUnseen(state: RolloutState, target: TargetState, nowMs: number): RolloutState {
  const { unseen, phase } = state;
  if (target.kind !== 'unavailable') {
    if (unseen === null) return state;
    const seen: RolloutState = { ...state, unseen: null };
    return unseen.isTold ? notify(seen, 'target-seen', 'The target can be read again.', nowMs) : seen;
  }
  if (isEnd(phase)) return state;
  const reason = target.reason.slice(0, longestReason);
  const now = unseen ?? { sinceMs: nowMs, reason, isTold: false };
  // A rollback that is not seen tells so by itself.
  const isDue = !now.isTold && phase.kind !== 'rolling-back' && nowMs >= now.sinceMs + unseenLimitMs;
  if (!isDue) return now === unseen ? state : { ...state, unseen: now };
  const text = `The target could not be read for ${formatSeconds(unseenLimitMs / 1000)}, and nothing new is judged: ${reason}`;
  return notify({ ...state, unseen: { ...now, reason, isTold: true } }, 'target-unseen', text, nowMs);
}
