/** Events of payload loggers on their way into the ledger. */
export { binaryAttributes } from './binary-attributes.js';
export { eventTypeNames, readAttributes, type EventAttributes } from './event-attributes.js';
export { eventResults, type EventResult } from './event-result.js';
export {
  defaultEventLimits,
  defaultEventSettings,
  type EventLimits,
  type EventSettings,
} from './event-settings.js';
export type { EventTarget } from './event-target.js';
export type { PayloadEvent } from './payload-event.js';
export { PayloadEvents, type PayloadEventsParts } from './payload-events.js';
export { readStructuredEvent } from './structured-event.js';
