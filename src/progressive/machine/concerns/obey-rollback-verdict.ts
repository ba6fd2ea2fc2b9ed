import { runningPhase } from '../expected-percents.js';
import { identityOf, isToBeRolledBack } from '../identity.js';
import type { RolloutState } from '../rollout-state.js';
import type { Situation } from '../situation.js';
import { loseGuarantee, rollBack } from '../transitions.js';

/**
 * A rollback verdict on this canary goes to zero at once: in every phase, paused or not, whatever weight somebody gave it, and
 * also while the target cannot be read. A newer model is not punished for the one before.
 */
export function obeyRollbackVerdict(situation: Situation): RolloutState | undefined {
  const { state, target, verdict } = situation;
  if (verdict?.verdict !== 'rollback' || state.canary === null) return undefined;
  if (verdict.attempt !== state.attempt) return undefined;
  if (verdict.canary !== state.canary || verdict.stable !== state.stable) return undefined;
  if (target.kind === 'gone') return undefined;
  if (target.kind === 'observed') {
    const isRolledOut = identityOf(state, target).kind === 'rolled-out';
    const isJustPromoted = isRolledOut && runningPhase(state.phase)?.kind === 'promoting';
    if (!isToBeRolledBack(state, target) && !isJustPromoted) return undefined;
  }
  const told = verdict.guarantee === 'none' ? loseGuarantee(state, 'threshold-mode') : state;
  return rollBack({ ...situation, state: told }, 'verdict', verdict.sentence);
}
