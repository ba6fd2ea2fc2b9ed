import { alertLink } from '../alerts/alert-link.js';
import type { AlertMessage } from '../alerts/alert-message.js';
import type { Alert } from '../machine/alert.js';
import type { RolloutState } from '../machine/rollout-state.js';
import type { ModelRollout } from './model-rollout.js';
import { targetText } from './target-text.js';

/**
 * An alert with all that people want to know of its rollout.
 * @param link template of the config, for rollouts that name no link of their own
 */
export function alertMessageOf(
  rollout: ModelRollout,
  { canary, stable }: Pick<RolloutState, 'canary' | 'stable'>,
  alert: Alert,
  link: string | undefined,
): AlertMessage {
  const { name, namespace, uid, model } = rollout;
  const message: AlertMessage = {
    alert,
    rollout: name,
    namespace,
    model: model.model,
    canary,
    stable,
    target: targetText(rollout),
    uid,
    link: rollout.link,
  };
  return rollout.link !== null || link === undefined
    ? message
    : { ...message, link: alertLink(link, message) };
}
