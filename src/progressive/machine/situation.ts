import type { RolloutSpec } from './rollout-spec.js';
import type { RolloutState } from './rollout-state.js';
import type { StageVerdict } from './stage-verdict.js';
import type { ObservedTarget, TargetState } from './target-state.js';

/** All that a step is decided from. */
export interface Situation {
  readonly spec: RolloutSpec;
  readonly state: RolloutState;
  readonly target: TargetState;
  /** The newest answer to a request; null: none came. */
  readonly verdict: StageVerdict | null;
  /** Why the newest question was not answered; null: it was, or nothing came. */
  readonly unanswered: string | null;
  readonly nowMs: number;
}

/** A situation in which the target was read. */
export interface ObservedSituation extends Situation {
  readonly target: ObservedTarget;
}

export function isObserved(situation: Situation): situation is ObservedSituation {
  return situation.target.kind === 'observed';
}
