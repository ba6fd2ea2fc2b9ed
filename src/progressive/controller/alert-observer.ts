import type { AlertDelivery, AlertObserver } from '../alerts/index.js';
import type { ControllerLog } from './controller-log.js';
import type { AlertOutcome, ControllerMetrics } from './controller-metrics.js';

/** Counts and logs what becomes of alerts. */
export function alertObserver(metrics: ControllerMetrics, log: ControllerLog): AlertObserver {
  const tell = (outcome: AlertOutcome) => (delivery: AlertDelivery, reason?: string | number) => {
    const { receiver, receiverKind, message, attempts } = delivery;
    metrics.alert(receiverKind, outcome);
    if (outcome === 'delivered') return;
    const rollout = `${message.namespace}/${message.rollout}`;
    log.warn({ receiver, rollout, alert: message.alert.kind, attempts, reason }, `an alert was ${outcome}`);
  };
  return {
    onDelivered: tell('delivered'),
    onPutOff: tell('put-off'),
    onGivenUp: tell('given-up'),
    onDropped: tell('dropped'),
  };
}
