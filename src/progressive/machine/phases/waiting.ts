import { formatSeconds } from '../../../domain/units.js';
import { fail, loseGuarantee, pause, shift } from '../transitions.js';
import { identityOf } from '../identity.js';
import type { WaitingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { stageAt } from '../stages.js';

/** How long the status may take to tell of a new version. */
export const statusLagMs = 60_000;

/**
 * Records what is there before anything changes, and begins once a new version stands beside the stable one. A share
 * above the first stage's is lowered to it. Never begins on a stable service: there a share below 100 means the model before.
 */
export function waiting(situation: Situation, phase: WaitingPhase): RolloutState {
  if (!isObserved(situation)) return situation.state;
  const { state, target, spec } = situation;
  if (target.canary === null || target.canary === target.stable) return withoutCanary(situation, phase);
  if (spec.newVersion === 'carried' && !phase.takesAnyCanary) {
    const text = `${target.canary} is a canary there already, and the carried model would come on top of it. After a rollback put the old model back first ("ml-verdict rollout restore"); "newVersion: present" drives the one that is there.`;
    return fail(situation, 'canary-already-there', text);
  }
  if (target.configuredPercent === null || target.configuredPercent >= 100) {
    const text = `${target.canary} is on its way to 100 % already: a canary begins with its first percent in the same change.`;
    return fail(situation, 'already-at-100', text);
  }
  if (target.stable === null) return withoutStable(situation, phase);
  const recorded: RolloutState = {
    ...state,
    uid: target.uid,
    canary: target.canary,
    fingerprint: target.fingerprint,
    stable: state.stable ?? target.stable,
    stableFingerprint: target.stableFingerprint,
  };
  // What was recorded before the new version came is what it has to be compared with.
  const identity = identityOf({ ...recorded, uid: state.uid ?? target.uid }, target);
  if (identity.kind === 'recreated') {
    return fail(situation, 'gone', 'The resource was deleted and made anew before the rollout began.');
  }
  if (identity.kind === 'baseline-changed') {
    return pause({ ...situation, state: recorded }, 'baseline-changed', identity.text);
  }
  return begin(situation, recorded, stageAt(spec, 0).percent);
}

/** A first model that never gets ready has nothing beside it: who waits for another one has time, the others are told. */
function withoutStable(situation: ObservedSituation, { sinceMs }: WaitingPhase): RolloutState {
  const { state, target, spec, nowMs } = situation;
  if (spec.newVersion === 'awaited' || nowMs < sinceMs + spec.readyLimitSeconds * 1000) return state;
  const note = target.note === null ? '' : ` (${target.note})`;
  const text = `There is no stable version to compare with after ${formatSeconds(spec.readyLimitSeconds)}${note}.`;
  return fail(situation, 'nothing-to-roll-out', text);
}

function withoutCanary(situation: ObservedSituation, phase: WaitingPhase): RolloutState {
  const { state, target, spec, nowMs } = situation;
  const { sinceMs } = phase;
  if (target.stable === null) return withoutStable(situation, phase);
  if (state.stable !== null && target.stable !== state.stable) {
    const text = `${target.stable} got all of the traffic at once, in place of ${state.stable}: there is no canary to judge.`;
    return fail(situation, 'already-at-100', text);
  }
  if (spec.newVersion === 'present') {
    // Applied together with its first share a moment ago, perhaps: the status follows the spec.
    const isOnItsWay = (target.configuredPercent ?? 0) > 0 && nowMs < sinceMs + statusLagMs;
    if (isOnItsWay) return state;
    const text = `${target.stable} has all of the traffic and there is no newer version: there is nothing to roll out.`;
    return fail(situation, 'nothing-to-roll-out', text);
  }
  const recorded: RolloutState = {
    ...state,
    uid: target.uid,
    stable: target.stable,
    stableFingerprint: target.stableFingerprint,
  };
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
