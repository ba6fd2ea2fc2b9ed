import type { EventAttributes } from './event-attributes.js';
import type { EventSettings } from './event-settings.js';
import type { EventTarget } from './event-target.js';

/** An event as it was received. */
export interface PayloadEvent {
  readonly target: EventTarget;
  readonly settings: EventSettings;
  readonly attributes: EventAttributes;
  /** Undefined: it was too long to be kept. */
  readonly body: Uint8Array | undefined;
}
