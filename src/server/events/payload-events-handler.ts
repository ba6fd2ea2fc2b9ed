import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../../config/index.js';
import { invalidInput } from '../../domain/errors.js';
import {
  binaryAttributes,
  readAttributes,
  readStructuredEvent,
  type EventAttributes,
  type EventTarget,
  type PayloadEvent,
  type PayloadEvents,
} from '../../ingest/events/index.js';
import type { LineProblem } from '../../ingest/line-fields.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { noteRefusal, refusalAnswer, type Access, type RefusalReason } from '../access/index.js';
import { problemOf } from '../http/problem.js';
import { idsOf, requestContext } from '../http/request-context.js';
import { answerEvent, answerProblem } from './answer-event.js';
import { EventRoutes, eventsPath, type EventRoute } from './event-routes.js';
import { observePlain } from './observe-plain.js';
import { receiveBody, type ReceivedBody } from './receive-body.js';
import { seldom } from './seldom.js';

/** What the handler works with; made anew for every config but for the intake. */
export interface PayloadEventsHandlerParts {
  readonly config: Config;
  readonly events: PayloadEvents;
  readonly access: Pick<Access, 'identify'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers a request, or says that it is not for it. */
export type PlainHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Told in place of a status where the client went away before the answer. */
const clientClosed = 499;

/** A logger that is set up wrongly is told at every event; that is logged so often at most. */
const logEveryMs = 10_000;

/**
 * Takes the events of payload loggers, without express: they send one event a request. Everything else, also a path with
 * names that cannot be used, is left to the routes.
 */
export function payloadEventsHandler(parts: PayloadEventsHandlerParts): PlainHandler {
  const receiver = new EventReceiver(parts);
  const routes = new EventRoutes(parts.config);
  return (request, response) => {
    if (request.method !== 'POST' || request.url === undefined) return false;
    const route = routes.find(request.url);
    if (route === undefined) return false;
    requestContext(request).route = eventsPath;
    void receiver.receive(request, response, route);
    return true;
  };
}

/** Says what came of a request: its status, and what its event counts as unless that is told later. */
interface Answered {
  readonly status: number;
  readonly result?: 'invalid' | 'denied';
}

class EventReceiver {
  readonly #parts: PayloadEventsHandlerParts;
  readonly #logInvalid: (...details: readonly unknown[]) => void;

  constructor(parts: PayloadEventsHandlerParts) {
    this.#parts = parts;
    this.#logInvalid = seldom(logEveryMs, (skipped, details) => {
      parts.logger.warn({ ...(details as object), skipped }, 'a payload event was refused');
    });
  }

  async receive(request: IncomingMessage, response: ServerResponse, route: EventRoute): Promise<void> {
    let answered: Answered;
    try {
      answered = await this.#answer(request, response, route);
    } catch (error) {
      this.#parts.logger.error(
        { ...idsOf(requestContext(request)), route: eventsPath, err: error },
        'request failed',
      );
      const problem = problemOf(error);
      if (!response.headersSent) answerProblem(request, response, problem);
      answered = { status: problem.status };
    }
    const { metrics } = this.#parts;
    if (answered.result !== undefined) metrics.events.inc({ result: answered.result });
    observePlain(metrics, request, answered.status);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, route: EventRoute): Promise<Answered> {
    const reason = route.isOpen ? undefined : await refusalOf(this.#parts.access, request, route.target);
    if (reason !== undefined) {
      noteRefusal(request, reason, this.#parts);
      const { problem, challenge } = refusalAnswer(reason, 'ingest');
      answerProblem(request, response, problem, challenge);
      return { status: problem.status, result: 'denied' };
    }
    const { limits, budget } = this.#parts.events;
    if (isStructured(request.headers)) {
      const body = await receiveBody(request, limits.maxBodyBytes, budget);
      return this.#answerStructured(request, response, route, body);
    }
    // What is wrong with the headers is told before the body is read.
    const attributes = this.#attributes(binaryAttributes(request.headers));
    if ('reason' in attributes) return this.#refuse(request, response, attributes);
    const body = await receiveBody(request, limits.maxBodyBytes, budget);
    return this.#take(request, response, { ...route, attributes }, body);
  }

  async #answerStructured(
    request: IncomingMessage,
    response: ServerResponse,
    route: EventRoute,
    body: ReceivedBody,
  ): Promise<Answered> {
    const { metrics, events } = this.#parts;
    switch (body.kind) {
      case 'broken':
        metrics.events.inc({ result: 'broken' });
        return { status: clientClosed };
      case 'no-room':
        metrics.events.inc({ result: 'shed' });
        answerEvent(request, response, 'shed');
        return { status: 200 };
      case 'too-long': {
        const reason = `expected an event of at most ${events.limits.maxBodyBytes} bytes (events.bodyLimit)`;
        return this.#refuse(request, response, { field: '', reason });
      }
      case 'whole': {
        const event = await readStructuredEvent(body.bytes);
        const attributes = 'reason' in event ? event : this.#attributes(event.attribute);
        if ('reason' in event || 'reason' in attributes) {
          events.budget.giveBack(body.heldBytes);
          return this.#refuse(request, response, 'reason' in event ? event : (attributes as LineProblem));
        }
        return this.#take(request, response, { ...route, attributes }, { ...body, bytes: event.payload });
      }
    }
  }

  #take(
    request: IncomingMessage,
    response: ServerResponse,
    event: Omit<PayloadEvent, 'body'>,
    body: ReceivedBody,
  ): Answered {
    const { events } = this.#parts;
    switch (body.kind) {
      case 'broken':
        events.letGo({ ...event, body: undefined }, 0, 'broken');
        return { status: clientClosed };
      case 'no-room':
        events.letGo({ ...event, body: undefined }, 0, 'shed');
        answerEvent(request, response, 'shed');
        return { status: 200 };
      case 'too-long': {
        const taken = events.take({ ...event, body: undefined }, 0);
        answerEvent(request, response, taken ? 'taken' : 'shed', body.cut);
        return { status: 200 };
      }
      case 'whole': {
        const taken = events.take({ ...event, body: body.bytes }, body.heldBytes);
        answerEvent(request, response, taken ? 'taken' : 'shed');
        return { status: 200 };
      }
    }
  }

  #attributes(attribute: (name: string) => unknown): EventAttributes | LineProblem {
    const { maxAgeMs, maxAheadMs } = this.#parts.events.limits;
    return readAttributes(attribute, { nowMs: this.#parts.now(), maxAgeMs, maxAheadMs });
  }

  #refuse(request: IncomingMessage, response: ServerResponse, { field, reason }: LineProblem): Answered {
    this.#logInvalid({ ...idsOf(requestContext(request)), route: eventsPath, field, reason });
    const problem = problemOf(invalidInput([{ path: field, message: reason }]));
    answerProblem(request, response, problem);
    return { status: problem.status, result: 'invalid' };
  }
}

/**
 * Whether an event is in structured mode. The Content-Type of an event in binary mode is that of the request to the
 * model, which may be an event itself.
 */
function isStructured(headers: IncomingHttpHeaders): boolean {
  return headers['ce-type'] === undefined && structuredType.test(headers['content-type'] ?? '');
}

const structuredType = /^application\/cloudevents(?:\+json)?\s*(?:;|$)/i;

/** Why a caller may not send the events of a model. */
async function refusalOf(
  access: Pick<Access, 'identify'>,
  request: IncomingMessage,
  { namespace, model }: EventTarget,
): Promise<RefusalReason | undefined> {
  const identity = await access.identify(request);
  if (identity.kind === 'refused') return identity.reason;
  const { caller } = identity;
  if (caller.name !== undefined) requestContext(request).caller = caller.name;
  if (caller.may('ingest', namespace, model)) return undefined;
  return caller.has('ingest') ? 'other-model' : 'missing-scope';
}
