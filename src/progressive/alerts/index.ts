/** Telling people: the dispatcher, and the receivers that the config can name. */
export { alertId } from './alert-id.js';
export { alertLink, linkPlaceholders, unknownPlaceholders } from './alert-link.js';
export type { AlertMessage } from './alert-message.js';
export type { AlertReceiver, Delivery } from './alert-receiver.js';
export { alertmanagerAlerts, alertName } from './alertmanager/alertmanager-alerts.js';
export { createAlertmanagerReceiver } from './alertmanager/alertmanager-receiver.js';
export { kindChanges, type KindChange } from './alertmanager/kind-changes.js';
export { createReceiver } from './create-receiver.js';
export {
  createAlertDispatcher,
  type AlertDispatcher,
  type DispatcherParts,
} from './dispatch/alert-dispatcher.js';
export type { AlertDelivery, AlertObserver } from './dispatch/alert-observer.js';
export type * from './receiver-settings.js';
export { deliveryTimeoutMs } from './receiver-settings.js';
export { severities, type Severity } from './severity.js';
export { createSlackReceiver } from './slack/slack-receiver.js';
export { alertText, type AlertText } from './texts/alert-text.js';
export { unusableFiles } from './unusable-files.js';
export { signature, signatureHeader } from './webhook/signature.js';
export { alertSchemaName, type WebhookBody } from './webhook/webhook-body.js';
export { createWebhookReceiver } from './webhook/webhook-receiver.js';
