import type { AlertMessage } from '../alert-message.js';

/** An alert that waits for one receiver. */
export interface WaitingAlert {
  readonly id: string;
  readonly message: AlertMessage;
  readonly offeredAtMs: number;
  /** Tries so far. */
  readonly attempts: number;
  /** Not to be tried before. */
  readonly notBeforeMs: number;
}
