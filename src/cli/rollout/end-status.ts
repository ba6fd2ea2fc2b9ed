import type { Phase } from '../../progressive/index.js';
import { exitStatus } from '../exit-status.js';
import { isWaitingItsTurn } from './controller-refusal.js';
import type { StoredRollout } from './stored-rollout.js';

/** What a command that saw a rollout in this phase ends with: as a verdict would. */
export function endStatus(phase: Phase): number {
  switch (phase.kind) {
    case 'promoted':
      return exitStatus.ok;
    case 'rolling-back':
    case 'rolled-back':
      return exitStatus.rollback;
    case 'failed':
      return exitStatus.refused;
    default:
      return exitStatus.hold;
  }
}

/** The same of a ModelRollout: one that a controller refuses is refused, one that waits its turn or its next run is under way. */
export function storedStatus({ shown: { state, refusal }, hasEnded }: StoredRollout): number {
  if (hasEnded) return endStatus(state.phase);
  if (refusal !== undefined) return isWaitingItsTurn(refusal) ? exitStatus.hold : exitStatus.refused;
  return state.phase.kind === 'rolling-back' ? exitStatus.rollback : exitStatus.hold;
}
