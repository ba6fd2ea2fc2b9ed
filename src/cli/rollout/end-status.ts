import type { Phase } from '../../progressive/index.js';
import { exitStatus } from '../exit-status.js';

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
