import type { RolloutSpec, RolloutState } from '../../../progressive/index.js';

/** What is shown of a rollout, wherever it is driven. */
export interface ShownRollout {
  readonly name: string;
  readonly namespace: string;
  /** What traffic is moved on: `InferenceService fraud-detector`. */
  readonly target: string;
  readonly model: string;
  readonly spec: RolloutSpec;
  readonly state: RolloutState;
}
