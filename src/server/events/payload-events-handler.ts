import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../../config/index.js';
import type { PayloadEvents } from '../../ingest/events/index.js';
import { MemoryBudget } from '../../ingest/index.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { noteRefusal, refusalAnswer } from '../access/index.js';
import { problemOf } from '../http/problem.js';
import { recordAnswer } from '../http/record-answer.js';
import { idsOf, requestContext } from '../http/request-context.js';
import { tooManyRequests } from '../limits/too-many-requests.js';
import { answerProblem } from './answer-event.js';
import { takeBinary } from './binary-mode.js';
import { EventExchange, type Answered, type EventIntake } from './event-exchange.js';
import { EventRoutes, eventsPath, type EventRoute } from './event-routes.js';
import { letIn, type Gate } from './let-in.js';
import { seldom } from './seldom.js';
import { isStructured, takeStructured } from './structured-mode.js';

/** What the handler works with; made anew for every config but for the intake. */
export interface PayloadEventsHandlerParts extends Gate {
  readonly config: Config;
  readonly events: PayloadEvents;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers a request, or says that it is not for it. */
export type PlainHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A logger that is set up wrongly is told at every event; that is logged so often at most. */
const logEveryMs = 10_000;

/** The budget of those that send too often. */
const noRoom = new MemoryBudget(0);

/**
 * Takes the events of payload loggers, without express: they send one event a request. Everything else, also a path with
 * names that cannot be used, is left to the routes.
 */
export function payloadEventsHandler(parts: PayloadEventsHandlerParts): PlainHandler {
  const { config, events, logger, metrics, now } = parts;
  const routes = new EventRoutes(config);
  const tooOften = tooManyRequests(config);
  const logInvalid = seldom(logEveryMs, (skipped, details) => {
    logger.warn({ ...(details as object), skipped }, 'a payload event was refused');
  });
  const intake: EventIntake = {
    events,
    metrics,
    now,
    onInvalid: (request, { field, reason }) => {
      logInvalid({ ...idsOf(requestContext(request)), route: eventsPath, field, reason });
    },
  };

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    route: EventRoute,
  ): Promise<Answered> {
    const { refused, isTooOften } = await letIn(parts, request, route);
    if (isTooOften) metrics.requestsShed.inc({ reason: 'rate' });
    if (refused !== undefined) {
      if (!isTooOften) noteRefusal(request, refused, parts);
      const { problem, ...details } = isTooOften ? tooOften : refusalAnswer(refused, 'ingest');
      metrics.events.inc({ result: 'denied' });
      answerProblem(request, response, problem, details);
      return { status: problem.status };
    }
    // Backpressure would hold up the model: what is too much is let go.
    const budget = isTooOften ? noRoom : events.budget;
    const exchange = new EventExchange(request, response, route, intake, budget);
    return isStructured(request.headers) ? takeStructured(exchange) : takeBinary(exchange);
  }

  async function receive(
    request: IncomingMessage,
    response: ServerResponse,
    route: EventRoute,
  ): Promise<void> {
    let status: number;
    try {
      ({ status } = await answer(request, response, route));
    } catch (error) {
      logger.error({ ...idsOf(requestContext(request)), route: eventsPath, err: error }, 'request failed');
      const problem = problemOf(error);
      if (!response.headersSent) answerProblem(request, response, problem);
      ({ status } = problem);
    }
    recordAnswer(parts, request, status, true);
  }

  return (request, response) => {
    if (request.method !== 'POST' || request.url === undefined) return false;
    const route = routes.find(request.url);
    if (route === undefined) return false;
    requestContext(request).route = eventsPath;
    void receive(request, response, route);
    return true;
  };
}
