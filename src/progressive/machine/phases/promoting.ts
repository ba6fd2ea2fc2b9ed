import { identityOf } from '../identity.js';
import { notify } from '../notify.js';
import type { PromotingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { enter, pause } from '../transitions.js';

/** Waits until the canary has all of the traffic. */
export function promoting(situation: Situation, phase: PromotingPhase): RolloutState {
  if (!isObserved(situation)) return situation.state;
  const { state, nowMs } = situation;
  if (hasEverything(situation)) {
    const text = `${state.canary ?? ''} has all of the traffic.`;
    return notify(
      enter({ ...state, percent: 100 }, { kind: 'promoted', atMs: nowMs }),
      'promoted',
      text,
      nowMs,
    );
  }
  if (nowMs < phase.sinceMs + situation.spec.confirmLimitSeconds * 1000) return state;
  return pause(situation, 'not-confirmed', 'The promotion was not confirmed in time by the traffic.');
}

/** The canary became the stable version, or it is seen with all of the traffic and nothing else is asked for. */
export function hasEverything({ state, target }: ObservedSituation): boolean {
  if (identityOf(state, target).kind === 'rolled-out') return true;
  const isAsked = target.configuredPercent === null || target.configuredPercent === 100;
  return target.canary === state.canary && isAsked && target.observedPercent === 100;
}
