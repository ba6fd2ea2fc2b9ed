import type { AlertMessage } from '../alert-message.js';

/** One alert on its way to one receiver. */
export interface AlertDelivery {
  readonly receiver: string;
  /** `webhook`, `slack`, … */
  readonly receiverKind: string;
  readonly message: AlertMessage;
  /** How often it was tried. */
  readonly attempts: number;
}

/** Listens to what becomes of alerts, for logs and metrics. Reasons hold no secret. */
export interface AlertObserver {
  /** @param afterMs since it was offered */
  onDelivered?(delivery: AlertDelivery, afterMs: number): void;
  /** One try failed; there will be another in so many milliseconds. */
  onPutOff?(delivery: AlertDelivery, reason: string, retryInMs: number): void;
  /** It will not be tried again. */
  onGivenUp?(delivery: AlertDelivery, reason: string): void;
  /** There was no room for it in the queue of the receiver. Told once, however often it is offered again in vain. */
  onDropped?(delivery: AlertDelivery): void;
}
