import { formatSeconds } from '../../../domain/units.js';
import { identityOf, isToBeRolledBack } from '../identity.js';
import { notify } from '../notify.js';
import type { RollingBackPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import type { ObservedTarget } from '../target-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { enter, fail } from '../transitions.js';

const lostChangeMs = 60_000;
/** What is in the way of zero for a moment, while a pod restarts, is not told. */
const stuckAfterMs = 60_000;

/** Asks for zero until zero is seen; a refusal, and that it takes too long, are told once, and zero is asked for all the same. */
export function rollingBack(situation: Situation, phase: RollingBackPhase): RolloutState {
  const { target } = situation;
  if (target.kind === 'gone') return fail(situation, 'gone', 'The resource was deleted during the rollback.');
  const ended = isObserved(situation) ? endOf(situation, phase) : undefined;
  return ended ?? overdue(situation, phase) ?? asking(situation, phase);
}

function endOf(situation: ObservedSituation, phase: RollingBackPhase): RolloutState | undefined {
  const { state, target, nowMs } = situation;
  const identity = identityOf(state, target);
  switch (identity.kind) {
    case 'recreated':
      return fail(situation, 'superseded', 'Another resource has the name now: it was left as it is.');
    case 'rolled-out':
      // Zero on a canary that was just promoted brings the stable version back, where the platform still knows it.
      return nowMs < confirmedByMs(situation, phase)
        ? undefined
        : fail(
            situation,
            'superseded',
            'The canary became the stable version before it could be rolled back.',
          );
    case 'newer-model':
      if (isToBeRolledBack(state, target)) break;
      if (isTakenOut(situation, phase)) return zero(situation, phase);
      // A status that names no canary for a moment is no other model yet.
      return target.canary === null && nowMs < confirmedByMs(situation, phase)
        ? undefined
        : fail(situation, 'superseded', `${identity.text} It was left as it is.`);
    case 'same':
    case 'baseline-changed':
      break;
  }
  if (state.canary === null) return withoutCanary(situation, phase);
  return target.configuredPercent === 0 && target.observedPercent === 0 ? zero(situation, phase) : undefined;
}

/** Somebody took the whole canary out, which is the way out where zero is not followed: the stable version is alone. */
function isTakenOut({ state, target, nowMs }: ObservedSituation, { sinceMs }: RollingBackPhase): boolean {
  return (
    target.canary === null &&
    target.stable !== null &&
    target.stable === state.stable &&
    (target.configuredPercent === null || target.configuredPercent === 0) &&
    nowMs >= sinceMs + lostChangeMs
  );
}

/** Of a carried model nothing was seen yet: its first change may have been lost, or only its answer. */
function withoutCanary(situation: ObservedSituation, phase: RollingBackPhase): RolloutState | undefined {
  const { spec, state, target, nowMs } = situation;
  if (target.canary !== null && target.canary !== state.stable) {
    return fail(
      situation,
      'superseded',
      `Another model was applied: ${target.canary}. It was left as it is.`,
    );
  }
  const hasArrived =
    target.configuredPercent !== (phase.beforePercent ?? null) ||
    (spec.newVersion === 'carried' && target.isCarriedModel);
  return hasArrived || nowMs < phase.sinceMs + lostChangeMs ? undefined : zero(situation, phase);
}

/** By when zero has to be seen, milliseconds since the epoch. */
function confirmedByMs({ spec }: Situation, { sinceMs }: RollingBackPhase): number {
  return sinceMs + spec.confirmLimitSeconds * 1000;
}

function zero(
  { state, target, nowMs }: ObservedSituation,
  { cause, text, sinceMs }: RollingBackPhase,
): RolloutState {
  const ended: RolloutState = {
    ...enter(state, { kind: 'rolled-back', cause, text, atMs: nowMs, raisedToPercent: null }),
    // The revision that was rolled back in the end: it is that one that must not come again.
    canary: state.canary === null ? null : (target.canary ?? state.canary),
    percent: 0,
    refusal: null,
  };
  const told =
    state.canary === null
      ? 'The canary never came to be.'
      : `The canary gets no traffic any more, ${Math.round((nowMs - sinceMs) / 1000)} s after the decision.${otherOwner(state, target)}`;
  return notify(ended, 'rolled-back', told, nowMs);
}

/** Zero may mean the model before the stable one: who has the traffic is said where it is not whom the canary was judged by. */
function otherOwner({ stable }: RolloutState, target: ObservedTarget): string {
  const isOther = target.stable !== null && stable !== null && target.stable !== stable;
  return isOther ? ` ${target.stable} has it, not ${stable}.` : '';
}

function overdue(situation: Situation, phase: RollingBackPhase): RolloutState | undefined {
  const { spec, state, target, nowMs } = situation;
  if (phase.isOverdue) return undefined;
  const isStuck = target.kind === 'observed' && typeof target.stuck === 'string';
  if (isStuck && target.configuredPercent === 0 && nowMs >= phase.sinceMs + stuckAfterMs) {
    const text = `Zero was asked for and is not followed, for a reason that does not go away by itself: ${target.stuck}`;
    return notify(enter(state, { ...phase, isOverdue: true }), 'rollback-overdue', text, nowMs);
  }
  if (nowMs < confirmedByMs(situation, phase)) return undefined;
  const why =
    target.kind === 'observed'
      ? (target.note ?? `the canary's share is ${target.observedPercent ?? 'not known'}`)
      : 'reason' in target
        ? target.reason
        : target.kind;
  const text = `Zero is not seen in the traffic ${formatSeconds(spec.confirmLimitSeconds)} after the decision, it is tried on: ${why}`;
  return notify(enter(state, { ...phase, isOverdue: true }), 'rollback-overdue', text, nowMs);
}

function asking({ state, nowMs }: Situation, phase: RollingBackPhase): RolloutState {
  if (state.refusal === null) return state;
  const { reason } = state.refusal;
  const cleared: RolloutState = { ...state, refusal: null };
  if (phase.refusal === reason) return cleared;
  const text = `The rollback was refused, it is tried again: ${reason}`;
  return notify(enter(cleared, { ...phase, refusal: reason }), 'rollback-refused', text, nowMs);
}
