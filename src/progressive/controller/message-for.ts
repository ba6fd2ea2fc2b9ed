import type { AlertMessage } from '../alerts/alert-message.js';
import type { Alert } from '../machine/alert.js';
import type { RolloutState } from '../machine/rollout-state.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import { targetText } from '../resource/target-text.js';

/** An alert with what its rollout is about. */
export function messageFor(
  rollout: ModelRollout,
  { canary, stable }: Pick<RolloutState, 'canary' | 'stable'>,
  alert: Alert,
): AlertMessage {
  return {
    alert,
    rollout: rollout.name,
    namespace: rollout.namespace,
    model: rollout.model.model,
    canary,
    stable,
    target: targetText(rollout),
    uid: rollout.uid,
    link: rollout.link,
  };
}
