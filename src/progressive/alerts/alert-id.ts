import type { AlertMessage } from './alert-message.js';

/** The same for the same alert however often it is sent, and for no other one of any rollout. */
export function alertId({ uid, alert }: AlertMessage): string {
  return `${uid}/${alert.key}`;
}
