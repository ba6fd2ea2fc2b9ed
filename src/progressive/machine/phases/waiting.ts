import { fail, loseGuarantee, shift } from '../transitions.js';
import type { WaitingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { stageAt } from '../stages.js';

/**
 * Records what is there before anything changes, and begins once a new version stands beside the stable one. A share
 * above the first stage's is lowered to it. Never begins on a stable service: there a share below 100 means the model before.
 */
export function waiting(situation: Situation, phase: WaitingPhase): RolloutState {
  if (!isObserved(situation)) return situation.state;
  const { state, target, spec } = situation;
  if (target.canary === null || target.canary === target.stable) return withoutCanary(situation);
  if (spec.newVersion === 'carried' && !phase.takesAnyCanary) {
    const text = `${target.canary} is a canary there already, and the carried model would come on top of it. After a rollback put the old model back first ("ml-verdict rollout restore"); "newVersion: present" drives the one that is there.`;
    return fail(situation, 'canary-already-there', text);
  }
  if (target.configuredPercent === null || target.configuredPercent >= 100) {
    const text = `${target.canary} is on its way to 100 % already: a canary begins with its first percent in the same change.`;
    return fail(situation, 'already-at-100', text);
  }
  if (target.stable === null) return state;
  return begin(
    situation,
    {
      ...state,
      uid: target.uid,
      canary: target.canary,
      fingerprint: target.fingerprint,
      stable: target.stable,
    },
    stageAt(spec, 0).percent,
  );
}

function withoutCanary(situation: ObservedSituation): RolloutState {
  const { state, target, spec } = situation;
  if (target.stable === null) return state;
  if (state.stable !== null && target.stable !== state.stable) {
    const text = `${target.stable} got all of the traffic at once, in place of ${state.stable}: there is no canary to judge.`;
    return fail(situation, 'already-at-100', text);
  }
  if (spec.newVersion === 'present') {
    const text = `${target.stable} has all of the traffic and there is no newer version: there is nothing to roll out.`;
    return fail(situation, 'nothing-to-roll-out', text);
  }
  const recorded: RolloutState = { ...state, uid: target.uid, stable: target.stable };
  if (spec.newVersion === 'awaited') return recorded;
  return begin(situation, recorded, stageAt(spec, 0).percent);
}

function begin(situation: ObservedSituation, recorded: RolloutState, percent: number): RolloutState {
  const { spec, target } = situation;
  let state = recorded;
  if (spec.evidence.kind === 'window') state = loseGuarantee(state, 'window');
  if (spec.undecided === 'proceed') state = loseGuarantee(state, 'proceed');
  return shift({ ...situation, state }, target.configuredPercent, percent);
}
