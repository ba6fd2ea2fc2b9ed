/** The events of payload loggers, served ahead of express. */
export { eventsPath } from './event-routes.js';
export {
  payloadEventsHandler,
  type PayloadEventsHandlerParts,
  type PlainHandler,
} from './payload-events-handler.js';
export { startPayloadEvents, type PayloadEventsServices } from './start-payload-events.js';
