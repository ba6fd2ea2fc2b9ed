import { expectedPercents, runningPhase } from './expected-percents.js';
import { identityOf } from './identity.js';
import { recordCanary } from './record-canary.js';
import type { RolloutState } from './rollout-state.js';
import type { Situation } from './situation.js';
import { noticeUnseen } from './notice-unseen.js';
import { notLaterThan } from './not-later-than.js';
import type { StageVerdict } from './stage-verdict.js';

const longestTimeline = 100;
const longestReason = 300;

/** Writes down what is seen, before anything is decided from it: the verdict, the canary's share, since when it is not ready. */
export function notice({ spec, state: given, target, verdict, unanswered, nowMs }: Situation): RolloutState {
  const state = noticeUnseen(notLaterThan(given, nowMs), target, nowMs);
  const isNew =
    verdict !== null &&
    verdict.attempt === state.attempt &&
    verdict.toMs <= nowMs &&
    verdict.toMs >= (state.lastVerdict?.toMs ?? -Infinity);
  const asked = noticeAnswer(state, verdict, unanswered);
  const noticed: RolloutState = isNew ? { ...asked, lastVerdict: verdict } : asked;
  if (target.kind !== 'observed') return noticed;
  const isBegun = runningPhase(state.phase)?.kind !== 'waiting' && hasAsked(noticed);
  const known = isBegun ? recordCanary(spec, noticed, target, nowMs) : noticed;
  if (known.canary === null || identityOf(known, target).kind !== 'same') return known;
  const isReady = target.readiness.kind === 'ready';
  const seen: RolloutState = { ...known, unreadySinceMs: isReady ? null : (known.unreadySinceMs ?? nowMs) };
  const percent = target.observedPercent;
  if (seen.startedAtMs === null || percent === null || percent === seen.weights.at(-1)?.percent) return seen;
  return { ...seen, weights: [...seen.weights, { percent, fromMs: nowMs }].slice(-longestTimeline) };
}

/** Why there is no newer verdict, for people. */
function noticeAnswer(
  state: RolloutState,
  verdict: StageVerdict | null,
  unanswered: string | null,
): RolloutState {
  const now = verdict === null ? (unanswered?.slice(0, longestReason) ?? state.unanswered) : null;
  return now === state.unanswered ? state : { ...state, unanswered: now };
}

/** Whether the rollout has asked for a share of its own yet, or goes back from one. */
function hasAsked(state: RolloutState): boolean {
  return state.phase.kind === 'rolling-back' || expectedPercents(state) !== undefined;
}
