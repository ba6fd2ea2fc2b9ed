import type { RolloutSpec, RolloutState } from '../../../progressive/index.js';

/** Why a controller does not drive a rollout: the reason and message of its condition `Accepted`. */
export interface ShownRefusal {
  readonly reason: string;
  readonly message: string;
}

/** What is shown of a rollout, wherever it is driven. */
export interface ShownRollout {
  readonly name: string;
  readonly namespace: string;
  /** What traffic is moved on: `InferenceService fraud-detector`. */
  readonly target: string;
  readonly model: string;
  readonly spec: RolloutSpec;
  readonly state: RolloutState;
  /** Absent: nobody refuses it. */
  readonly refusal?: ShownRefusal | undefined;
}
