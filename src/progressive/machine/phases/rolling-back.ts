import { identityOf } from '../identity.js';
import { notify } from '../notify.js';
import type { RollingBackPhase } from '../phase.js';
import { recordCanary } from '../record-canary.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { stageAt } from '../stages.js';
import { enter, fail } from '../transitions.js';

const lostChangeMs = 60_000;

/** Asks for zero until zero is seen; a refusal is told once, and zero is asked for all the same. */
export function rollingBack(situation: Situation, phase: RollingBackPhase): RolloutState {
  const { target } = situation;
  if (target.kind === 'gone') return fail(situation, 'gone', 'The resource was deleted during the rollback.');
  if (!isObserved(situation)) return asking(situation, phase);
  const seen = {
    ...situation,
    state: recordCanary(situation.state, situation.target, stageAt(situation.spec, 0).percent),
  };
  return endOf(seen, phase) ?? asking(seen, phase);
}

function endOf(situation: ObservedSituation, phase: RollingBackPhase): RolloutState | undefined {
  const { state, target, nowMs } = situation;
  const identity = identityOf(state, target);
  switch (identity.kind) {
    case 'recreated':
      return fail(situation, 'superseded', 'Another resource has the name now: it was left as it is.');
    case 'rolled-out':
      return fail(
        situation,
        'superseded',
        'The canary became the stable version before it could be rolled back.',
      );
    case 'newer-model':
      return fail(situation, 'superseded', `${identity.text} It was left as it is.`);
    case 'same':
    case 'baseline-changed':
      break;
  }
  // A first change whose answer was lost may still bring the model: only after a while it was never there.
  const wasNeverThere = state.canary === null && nowMs >= phase.sinceMs + lostChangeMs;
  const isZero = target.configuredPercent === 0 && target.observedPercent === 0;
  if (!wasNeverThere && (state.canary === null || !isZero)) return undefined;
  const { cause, text } = phase;
  const ended: RolloutState = {
    ...enter(state, { kind: 'rolled-back', cause, text, atMs: nowMs, raisedToPercent: null }),
    percent: 0,
    refusal: null,
  };
  const seconds = Math.round((nowMs - phase.sinceMs) / 1000);
  return notify(
    ended,
    'rolled-back',
    `The canary gets no traffic any more, ${seconds} s after the decision.`,
    nowMs,
  );
}

function asking({ state, nowMs }: Situation, phase: RollingBackPhase): RolloutState {
  if (state.refusal === null) return state;
  const { reason } = state.refusal;
  const cleared: RolloutState = { ...state, refusal: null };
  if (phase.refusal === reason) return cleared;
  const text = `The rollback was refused, it is tried again: ${reason}`;
  return notify(enter(cleared, { ...phase, refusal: reason }), 'rollback-refused', text, nowMs);
}
