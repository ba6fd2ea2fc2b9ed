import type { Alert } from '../machine/alert.js';

/** An alert with all that people want to know of the rollout it is about. */
export interface AlertMessage {
  readonly alert: Alert;
  /** Name and namespace of the rollout. */
  readonly rollout: string;
  readonly namespace: string;
  /** As ml-verdict names the model. */
  readonly model: string;
  readonly canary: string | null;
  readonly stable: string | null;
  /** What traffic is moved on, as people write it: `InferenceService fraud-detector`. */
  readonly target: string;
  /** Identity of the rollout, so that the same key of another one of the same name is another alert. */
  readonly uid: string;
  /** Where a person reads more; null: nowhere. */
  readonly link: string | null;
}
