import { runningPhase } from './expected-percents.js';
import { notify } from './notify.js';
import {
  isEnd,
  type ActivePhase,
  type FailureCause,
  type PauseCause,
  type Phase,
  type RollbackCause,
} from './phase.js';
import { beginAgain, type GuaranteeLoss, type RolloutState } from './rollout-state.js';
import type { Situation } from './situation.js';

/** The changes of phase that several concerns make. */

export function enter(state: RolloutState, phase: Phase): RolloutState {
  return { ...state, phase };
}

/** Wants another share of the traffic for the canary. */
export function shift(
  { state, nowMs }: Situation,
  fromPercent: number | null,
  toPercent: number,
): RolloutState {
  return enter(state, { kind: 'shifting', fromPercent, toPercent, sinceMs: nowMs });
}

/** Leaves everything as it is and calls a person; the same pause again says nothing new. */
export function pause({ state, nowMs }: Situation, cause: PauseCause, text: string): RolloutState {
  const { phase } = state;
  if (isEnd(phase) || phase.kind === 'rolling-back') return state;
  if (phase.kind === 'paused' && phase.cause === cause && phase.text === text) return state;
  const interrupted: ActivePhase = phase.kind === 'paused' ? phase.interrupted : phase;
  const paused = enter(state, { kind: 'paused', cause, text, sinceMs: nowMs, interrupted });
  return notify(paused, 'paused', text, nowMs);
}

/** Judges the stage that the traffic is at once more, with its minimum of analysis: what was decided before was not done. */
export function analyseAgain({ nowMs }: Situation, state: RolloutState): RolloutState {
  return enter({ ...state, lastVerdict: null }, { kind: 'analysing', sinceMs: nowMs, patienceFromMs: nowMs });
}

/** Decides for zero. */
export function rollBack({ state, nowMs }: Situation, cause: RollbackCause, text: string): RolloutState {
  const running = runningPhase(state.phase);
  const phase = {
    kind: 'rolling-back',
    cause,
    text,
    sinceMs: nowMs,
    refusal: null,
    ...(running?.kind === 'shifting' ? { beforePercent: running.fromPercent } : {}),
    isOverdue: false,
  } as const;
  return notify(enter({ ...state, refusal: null }, phase), 'rolling-back', text, nowMs);
}

/** Ends without touching the target. */
export function fail({ state, nowMs }: Situation, cause: FailureCause, text: string): RolloutState {
  return notify(enter(state, { kind: 'failed', cause, text, atMs: nowMs }), 'failed', text, nowMs);
}

/** Forgets the versions and begins with the first stage; what was told and obeyed stays known. */
export function restart({ state, nowMs }: Situation, text: string): RolloutState {
  const phase = { kind: 'waiting', sinceMs: nowMs, takesAnyCanary: true } as const;
  const again = enter(beginAgain(state, nowMs), phase);
  return notify(again, 'restarted', text, nowMs);
}

export function loseGuarantee(state: RolloutState, loss: GuaranteeLoss): RolloutState {
  if (state.guaranteeLosses.includes(loss)) return state;
  return { ...state, guaranteeLosses: [...state.guaranteeLosses, loss] };
}
