import { identityOf } from '../identity.js';
import { notify } from '../notify.js';
import type { EndPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import { enter } from '../transitions.js';

/** Nothing is changed any more; that somebody (GitOps, say) gives a canary its traffic back that was rolled back is told. */
export function ended(situation: Situation, phase: EndPhase): RolloutState {
  const { state, nowMs } = situation;
  if (phase.kind !== 'rolled-back' || state.canary === null || !isObserved(situation)) return state;
  const { target } = situation;
  const percent = target.configuredPercent ?? 100;
  if (identityOf(state, target).kind !== 'same') return state;
  if (percent === 0) {
    // Given to it once more, that is told once more.
    return phase.raisedToPercent === null ? state : enter(state, { ...phase, raisedToPercent: null });
  }
  if (phase.raisedToPercent === percent) return state;
  const text = `${state.canary} was rolled back and somebody gave it ${percent} % of the traffic again.`;
  return notify(enter(state, { ...phase, raisedToPercent: percent }), 'weight-after-rollback', text, nowMs);
}
