import { binaryAttributes } from '../../ingest/events/index.js';
import type { Answered, EventExchange } from './event-exchange.js';

/** Takes an event whose attributes are headers. What is wrong with them is told before the body is read. */
export async function takeBinary(exchange: EventExchange): Promise<Answered> {
  const attributes = exchange.attributes(binaryAttributes(exchange.request.headers));
  if ('reason' in attributes) return exchange.refuse(attributes);
  return exchange.take(attributes, await exchange.receiveBody());
}
