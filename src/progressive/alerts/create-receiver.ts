import { createAlertmanagerReceiver } from './alertmanager/alertmanager-receiver.js';
import type { AlertReceiver } from './alert-receiver.js';
import type { ReceiverSettings } from './receiver-settings.js';
import { createSlackReceiver } from './slack/slack-receiver.js';
import { createWebhookReceiver } from './webhook/webhook-receiver.js';

/** A receiver as the config describes it. It holds connections once something was delivered. */
export function createReceiver(settings: ReceiverSettings, now: () => number): AlertReceiver {
  switch (settings.kind) {
    case 'webhook':
      return createWebhookReceiver(settings, now);
    case 'slack':
      return createSlackReceiver(settings, now);
    case 'alertmanager':
      return createAlertmanagerReceiver(settings, now);
  }
}
