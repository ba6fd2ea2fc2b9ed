import type { AlertMessage } from './alert-message.js';

/** How one delivery ended. `later`: worth another try; `never`: it would be refused again. Reasons hold no secret. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly kind: 'never'; readonly reason: string };

/** Somewhere that alerts go to. Never throws for what can be expected of a network. */
export interface AlertReceiver {
  /** As the config names it; unique. */
  readonly name: string;
  /** `webhook`, `slack`, `alertmanager`, `kubernetes-events`. */
  readonly kind: string;
  /** Less urgent ones are not sent here. */
  readonly minimumSeverity: 'info' | 'warning' | 'critical';
  deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery>;
  /** Lets go of what it holds, connections say. Nothing is delivered afterwards. */
  close?(): void;
}
