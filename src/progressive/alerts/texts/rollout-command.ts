import type { AlertMessage } from '../alert-message.js';

/** A command about the rollout of an alert as it is typed. */
export function rolloutCommand(
  command: 'status' | 'resume' | 'promote' | 'abort',
  { rollout, namespace }: Pick<AlertMessage, 'rollout' | 'namespace'>,
): string {
  return `ml-verdict rollout ${command} ${rollout} -n ${namespace}`;
}
