import type { ActivePhase, Phase } from './phase.js';
import type { RolloutState } from './rollout-state.js';

/** The shares that the rollout itself may have asked for; undefined: any, since nothing was asked yet. */
export function expectedPercents(state: RolloutState): readonly (number | null)[] | undefined {
  const phase = runningPhase(state.phase);
  switch (phase?.kind) {
    case 'shifting':
      return [phase.fromPercent, phase.toPercent];
    case 'stabilising':
    case 'analysing':
      return [state.percent];
    case 'promoting':
      return [phase.fromPercent, null, 100];
    case 'waiting':
    case undefined:
      return undefined;
  }
}

/** The phase, or the one that a pause interrupted; undefined once it goes back or has ended. */
export function runningPhase(phase: Phase): ActivePhase | undefined {
  switch (phase.kind) {
    case 'paused':
      return phase.interrupted;
    case 'rolling-back':
    case 'rolled-back':
    case 'promoted':
    case 'failed':
      return undefined;
    default:
      return phase;
  }
}
