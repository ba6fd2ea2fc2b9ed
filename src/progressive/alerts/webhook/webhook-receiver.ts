import { KeptFile, readSecret } from '../../../sources/prometheus/server/access/kept-file.js';
import type { Failure } from '../../../sources/prometheus/server/failure.js';
import { alertId } from '../alert-id.js';
import type { AlertMessage } from '../alert-message.js';
import type { AlertReceiver } from '../alert-receiver.js';
import { AlertPoster, type AlertPost } from '../http/alert-poster.js';
import type { WebhookSettings } from '../receiver-settings.js';
import { signature, signatureHeader } from './signature.js';
import { webhookBody } from './webhook-body.js';

/** Posts the whole alert as JSON, signed by every secret that there is. */
export function createWebhookReceiver(settings: WebhookSettings, now: () => number): AlertReceiver {
  const poster = new AlertPoster(settings, '', now);
  const files = settings.secretFiles.map((file, index) => new KeptFile(`secretFiles[${index}]`, file, 0));
  const makePost = async (message: AlertMessage): Promise<AlertPost | Failure> => {
    const secrets = await Promise.all(files.map((file) => readSecret(file, true)));
    const failed = secrets.find((secret) => secret.kind === 'failure');
    if (failed !== undefined) return failed;
    const texts = secrets.flatMap((secret) => (secret.kind === 'secret' ? [secret.text] : []));
    const body = JSON.stringify(webhookBody(message));
    const headers = {
      'Idempotency-Key': alertId(message),
      ...(texts.length === 0 ? {} : { [signatureHeader]: signature(body, texts, now()) }),
    };
    return { body, headers };
  };
  return {
    name: settings.name,
    kind: 'webhook',
    minimumSeverity: settings.minimumSeverity,
    deliver: (message, signal) => poster.post(() => makePost(message), signal),
    close: () => {
      poster.close();
    },
  };
}
