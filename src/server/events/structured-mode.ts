import type { IncomingHttpHeaders } from 'node:http';
import { readStructuredEvent, type EventAttributes } from '../../ingest/events/index.js';
import type { LineProblem } from '../../ingest/line-fields.js';
import { clientClosed } from '../http/record-answer.js';
import type { Answered, EventExchange } from './event-exchange.js';

const structuredType = /^application\/cloudevents(?:\+json)?\s*(?:;|$)/i;

/**
 * Whether an event is in structured mode. The Content-Type of an event in binary mode is that of the request to the
 * model, which may be an event itself.
 */
export function isStructured(headers: IncomingHttpHeaders): boolean {
  return headers['ce-type'] === undefined && structuredType.test(headers['content-type'] ?? '');
}

/** Takes an event that is its body as a whole: nothing is known of it before that is there. */
export async function takeStructured(exchange: EventExchange): Promise<Answered> {
  const { events, metrics } = exchange.intake;
  const body = await exchange.receiveBody();
  switch (body.kind) {
    case 'broken':
      metrics.events.inc({ result: 'broken' });
      return { status: clientClosed };
    case 'no-room':
      metrics.events.inc({ result: 'shed' });
      return exchange.answer('shed', body.cut);
    case 'too-long': {
      const reason = `expected an event of at most ${events.limits.maxBodyBytes} bytes (events.bodyLimit)`;
      return exchange.refuse({ field: '', reason });
    }
    case 'whole': {
      const event = await read(exchange, body.bytes);
      if (!('reason' in event)) return exchange.take(event.attributes, { ...body, bytes: event.payload });
      events.budget.giveBack(body.heldBytes);
      return exchange.refuse(event);
    }
  }
}

async function read(
  exchange: EventExchange,
  bytes: Uint8Array,
): Promise<{ readonly attributes: EventAttributes; readonly payload: Uint8Array } | LineProblem> {
  const event = await readStructuredEvent(bytes);
  if ('reason' in event) return event;
  const attributes = exchange.attributes(event.attribute);
  return 'reason' in attributes ? attributes : { attributes, payload: event.payload };
}
