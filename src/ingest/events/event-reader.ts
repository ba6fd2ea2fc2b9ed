import { defaultSeries } from '../../domain/observations.js';
import type { OutcomeEvent, PredictionValue } from '../../sources/index.js';
import { readEventBody } from './event-body.js';
import type { EventResult } from './event-result.js';
import type { EventLimits } from './event-settings.js';
import { keyAt, keyOf, type EventTarget } from './event-target.js';
import { readFeedback } from './feedback.js';
import { findPredictions } from './find-predictions.js';
import { OpenCalls, type CallOutcomes, type Half, type ResponseHalf } from './open-calls.js';
import type { PayloadEvent } from './payload-event.js';
import { RecentKeys } from './recent-keys.js';
import type { ServedCall } from './served-call.js';

/** What becomes of events. */
export interface EventOutcomes extends CallOutcomes {
  readonly outcome: (target: EventTarget, outcome: OutcomeEvent) => void;
}

/** Makes calls and outcomes of events: leaves out those that came before, reads bodies, brings the halves of calls together. */
export class EventReader {
  readonly #limits: EventLimits;
  readonly #outcomes: EventOutcomes;
  readonly #seen: RecentKeys;
  readonly #calls: OpenCalls;

  constructor(limits: EventLimits, outcomes: EventOutcomes) {
    this.#limits = limits;
    this.#outcomes = outcomes;
    this.#seen = new RecentKeys(limits.duplicateWindowMs, limits.maxOpenCalls);
    this.#calls = new OpenCalls(limits.maxOpenCalls, outcomes);
  }

  read(event: PayloadEvent, nowMs: number): void {
    const { target, settings, attributes } = event;
    const { kind } = attributes;
    if (kind === 'request' && settings.mode === 'response') {
      this.#outcomes.settle('ignored');
      return;
    }
    if (!this.#seen.add(`${kind} ${keyAt(target, attributes.node, attributes.id)}`, nowMs)) {
      this.#outcomes.settle('duplicate');
    } else if (kind === 'feedback') {
      this.#readFeedback(event, nowMs);
    } else if (kind === 'response') {
      this.#readResponse(event, nowMs);
    } else {
      const request = { ...halfOf(event), empty: event.body?.length === 0 };
      this.#calls.request(request, nowMs);
    }
  }

  /** Says that an event came and cannot be read. */
  lose(event: PayloadEvent, nowMs: number): void {
    if (event.attributes.kind === 'response' && event.settings.mode === 'all') {
      this.#calls.lostResponse(halfOf(event), nowMs);
    }
  }

  /** Decides calls whose time is over, at most so many; answers how many those were. */
  expire(nowMs: number, most: number): number {
    return this.#calls.expire(nowMs, most);
  }

  /** Decides all calls, at most so many at once; answers how many those were. */
  close(nowMs: number, most: number): number {
    return this.#calls.close(nowMs, most);
  }

  #readResponse(event: PayloadEvent, nowMs: number): void {
    const { target, settings, attributes } = event;
    const { status = 200 } = attributes;
    const failed = status >= 500;
    const answered = status < 300;
    const empty = answered && event.body?.length === 0;
    const predictions = answered ? this.#predictionsOf(event) : [];
    if (predictions === undefined || (empty && settings.mode === 'response')) {
      this.#calls.notInference(halfOf(event).key);
      return;
    }
    const call: ServedCall = {
      target,
      ...(settings.ids === 'keep' ? { id: attributes.callId } : {}),
      atMs: attributes.atMs ?? nowMs,
      failed,
      predictions,
    };
    const result: EventResult = predictions.length > 0 || !answered ? 'counted' : 'unread';
    if (settings.mode === 'response') {
      this.#outcomes.count(call, result);
      return;
    }
    const response: ResponseHalf = { ...halfOf(event), call, result, empty };
    this.#calls.response(response, nowMs);
  }

  /** Undefined where the body is none of an inference. */
  #predictionsOf({ body, settings }: PayloadEvent): readonly PredictionValue[] | undefined {
    if (body === undefined || body.length === 0) return [];
    const found = findPredictions(readEventBody(body, this.#limits.maxBodyBytes), settings);
    return found.kind === 'predictions' ? found.values : undefined;
  }

  #readFeedback({ target, attributes, body }: PayloadEvent, nowMs: number): void {
    const feedback =
      body === undefined ? undefined : readFeedback(readEventBody(body, this.#limits.maxBodyBytes));
    if (feedback === undefined) {
      this.#outcomes.settle('unread');
      return;
    }
    const { namespace, model, version } = target;
    const { reward, predictionId } = feedback;
    this.#outcomes.outcome(target, {
      namespace,
      model,
      // Feedback is routed like any request: the version that took it need not be the one that is meant.
      ...(predictionId === undefined ? { version } : { id: predictionId }),
      name: defaultSeries,
      atMs: attributes.atMs ?? nowMs,
      value: reward,
    });
  }
}

function halfOf({ target, settings, attributes }: PayloadEvent): Half {
  return {
    key: keyAt(target, attributes.node, attributes.callId),
    target,
    version: keyOf(target),
    responseWithinMs: settings.responseWithinMs,
    atMs: attributes.atMs,
  };
}
