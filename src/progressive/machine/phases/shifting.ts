import { notify } from '../notify.js';
import type { ShiftingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { percentAfter } from '../stages.js';
import { analyseAgain, enter, pause, rollBack } from '../transitions.js';
import { isUnmade } from '../unmade-step.js';

/** Waits until the traffic really is where it was asked to be; the clock of the stage begins only then. */
export function shifting(situation: Situation, phase: ShiftingPhase): RolloutState {
  if (!isObserved(situation)) return situation.state;
  const { state, target, nowMs } = situation;
  if (state.canary === null && target.canary !== null && target.canary !== state.stable) {
    const text = `Another model was applied than the carried one: ${target.canary} is not it.`;
    return pause(situation, 'newer-model', text);
  }
  if (isConfirmed(situation, phase)) return confirmed(situation, phase);
  // The stages were edited: the verdict was about another step.
  if (isUnmade(phase, situation) && phase.toPercent !== percentAfter(situation.spec, state.percent)) {
    return analyseAgain(situation, state);
  }
  return nowMs >= deadlineOf(situation, phase) ? late(situation, phase) : state;
}

/** Until when a change of weight has to be seen, milliseconds since the epoch. */
export function deadlineOf({ spec, state }: Situation, phase: ShiftingPhase): number {
  const seconds = state.percent === 0 ? spec.readyLimitSeconds : spec.confirmLimitSeconds;
  return phase.sinceMs + seconds * 1000;
}

function isConfirmed({ state, target }: ObservedSituation, { toPercent }: ShiftingPhase): boolean {
  return (
    state.canary !== null &&
    target.canary === state.canary &&
    target.stable === state.stable &&
    target.configuredPercent === toPercent &&
    target.observedPercent === toPercent &&
    target.readiness.kind === 'ready'
  );
}

function confirmed({ state, nowMs }: ObservedSituation, { toPercent }: ShiftingPhase): RolloutState {
  const isFirst = state.percent === 0;
  const reached: RolloutState = {
    ...enter(state, { kind: 'stabilising', sinceMs: nowMs }),
    percent: toPercent,
  };
  const canary = state.canary ?? '';
  return isFirst
    ? notify(
        reached,
        'started',
        `${canary} gets ${toPercent} % of the traffic beside ${state.stable ?? ''}.`,
        nowMs,
      )
    : notify(reached, 'stage-reached', `${canary} gets ${toPercent} % of the traffic.`, nowMs);
}

function late(situation: ObservedSituation, { toPercent }: ShiftingPhase): RolloutState {
  const { state, target } = situation;
  const why = target.readiness.kind === 'ready' ? target.note : target.readiness.text;
  const note = why === null ? '' : ` (${why})`;
  const seen = target.observedPercent === null ? 'an unknown share' : `${target.observedPercent} %`;
  const text = `${toPercent} % was asked for and is not seen in the traffic, but ${seen}${note}.`;
  return state.percent === 0
    ? rollBack(situation, 'not-ready', `The canary did not begin in time: ${text}`)
    : pause(situation, 'not-confirmed', `The change of weight was not confirmed in time: ${text}`);
}
