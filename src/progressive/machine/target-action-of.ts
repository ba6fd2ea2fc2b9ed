import type { Expected, TargetAction } from './action.js';
import { identityOf, isToBeRolledBack } from './identity.js';
import type { ShiftingPhase } from './phase.js';
import type { RolloutState } from './rollout-state.js';
import type { ObservedSituation, Situation } from './situation.js';
import { isObserved } from './situation.js';

/** The change that the phase wants and that is not seen made; undefined: none. */
export function targetActionOf(situation: Situation): TargetAction | undefined {
  const { state } = situation;
  const { phase, uid } = state;
  if (uid === null) return undefined;
  const expected = expectedOf(state, uid);
  if (phase.kind === 'rolling-back') {
    return mayBeAboveZero(situation) ? { kind: 'roll-back', expected } : undefined;
  }
  if (!isObserved(situation) || identityOf(state, situation.target).kind !== 'same') return undefined;
  if (situation.target.foreignChange !== null) return undefined;
  if (phase.kind === 'shifting') return setWeight(situation, phase, expected);
  if (phase.kind !== 'promoting' || situation.target.readiness.kind !== 'ready') return undefined;
  const { fromPercent } = phase;
  return situation.target.configuredPercent === fromPercent
    ? { kind: 'promote', expected, fromPercent }
    : undefined;
}

/** What a change of a rollout in this state expects to find. */
export function expectedOf(
  { fingerprint, canary, stable, stableFingerprint }: RolloutState,
  uid: string,
): Expected {
  return { uid, fingerprint, canary, stable, stableFingerprint };
}

/** On a service without a canary a share of 0 would mean the model before: zero is asked for a known canary only. */
function mayBeAboveZero({ state, target }: Situation): boolean {
  if (state.canary === null || target.kind === 'gone') return false;
  if (target.kind !== 'observed') return true;
  const isOurs = isToBeRolledBack(state, target) || identityOf(state, target).kind === 'rolled-out';
  return isOurs && target.configuredPercent !== 0;
}

function setWeight(
  { spec, state, target }: ObservedSituation,
  { fromPercent, toPercent }: ShiftingPhase,
  expected: Expected,
): TargetAction | undefined {
  if (target.configuredPercent !== fromPercent) return undefined;
  const hasCanary = state.canary !== null && target.canary === state.canary;
  const bringsModel = state.canary === null && target.canary === null && spec.newVersion === 'carried';
  if (!bringsModel && (!hasCanary || fromPercent === toPercent)) return undefined;
  return { kind: 'set-weight', expected, fromPercent, toPercent, bringsModel };
}
