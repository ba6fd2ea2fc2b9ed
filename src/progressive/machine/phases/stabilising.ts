import type { StabilisingPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import type { Situation } from '../situation.js';
import { stageAt } from '../stages.js';
import { enter } from '../transitions.js';

/** Lets caches warm and replicas start. Only a rollback verdict counts here, and that is looked for before. */
export function stabilising(situation: Situation, phase: StabilisingPhase): RolloutState {
  const { state, nowMs } = situation;
  const endMs = stabilisedAtMs(situation, phase);
  if (nowMs < endMs) return state;
  return enter(state, { kind: 'analysing', sinceMs: endMs, patienceFromMs: endMs });
}

export function stabilisedAtMs({ spec, state }: Situation, phase: StabilisingPhase): number {
  return phase.sinceMs + stageAt(spec, state.percent).stabilisationSeconds * 1000;
}
