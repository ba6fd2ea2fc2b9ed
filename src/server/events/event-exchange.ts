import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidInput } from '../../domain/errors.js';
import { readAttributes, type EventAttributes, type PayloadEvents } from '../../ingest/events/index.js';
import type { MemoryBudget } from '../../ingest/index.js';
import type { LineProblem } from '../../ingest/line-fields.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { clientClosed } from '../http/record-answer.js';
import { problemOf } from '../http/problem.js';
import { answerEvent, answerProblem } from './answer-event.js';
import type { EventRoute } from './event-routes.js';
import { receiveBody, type ReceivedBody } from './receive-body.js';

/** What events are handed to. */
export interface EventIntake {
  readonly events: PayloadEvents;
  readonly metrics: Metrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of what is wrong with an event that is refused. */
  readonly onInvalid: (request: IncomingMessage, problem: LineProblem) => void;
}

/** Something that was asked is answered; `status` is that of the answer. */
export interface Answered {
  readonly status: number;
}

/** One request with an event, and how it is answered in either mode. */
export class EventExchange {
  readonly request: IncomingMessage;
  readonly route: EventRoute;
  readonly intake: EventIntake;
  readonly #response: ServerResponse;
  readonly #budget: MemoryBudget;

  /** @param budget what its body may take; one of nothing: the event is let go */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    route: EventRoute,
    intake: EventIntake,
    budget: MemoryBudget,
  ) {
    this.request = request;
    this.route = route;
    this.intake = intake;
    this.#response = response;
    this.#budget = budget;
  }

  receiveBody(): Promise<ReceivedBody> {
    return receiveBody(this.request, this.intake.events.limits.maxBodyBytes, this.#budget);
  }

  /** The attributes of its event, or what is wrong with them. */
  attributes(attribute: (name: string) => unknown): EventAttributes | LineProblem {
    const { events, now } = this.intake;
    const { maxAgeMs, maxAheadMs } = events.limits;
    return readAttributes(attribute, { nowMs: now(), maxAgeMs, maxAheadMs });
  }

  /** Takes the event, or lets it go: either is a 200. */
  take(attributes: EventAttributes, body: ReceivedBody): Answered {
    const { events } = this.intake;
    const event = { ...this.route, attributes, body: undefined };
    switch (body.kind) {
      case 'broken':
        events.letGo(event, 0, 'broken');
        return { status: clientClosed };
      case 'no-room':
        events.letGo(event, 0, 'shed');
        return this.answer('shed', body.cut);
      case 'too-long':
        return this.answer(events.take(event, 0) ? 'taken' : 'shed', body.cut);
      case 'whole':
        return this.answer(events.take({ ...event, body: body.bytes }, body.heldBytes) ? 'taken' : 'shed');
    }
  }

  answer(result: 'taken' | 'shed', cut = false): Answered {
    answerEvent(this.request, this.#response, result, cut);
    return { status: 200 };
  }

  /** Answers an event that is none. */
  refuse(wrong: LineProblem): Answered {
    this.intake.onInvalid(this.request, wrong);
    this.intake.metrics.events.inc({ result: 'invalid' });
    const problem = problemOf(invalidInput([{ path: wrong.field, message: wrong.reason }]));
    answerProblem(this.request, this.#response, problem);
    return { status: problem.status };
  }
}
