import {
  checkOptionalId,
  maximumIdLength,
  unexpected,
  type LineProblem,
  type TimeWindow,
} from '../line-fields.js';
import { parseEventTime } from './event-time.js';

/** What an event tells of. */
export type EventKind = 'request' | 'response' | 'feedback';

interface EventType {
  readonly kind: EventKind;
  /** The attribute that request and response of a call share. */
  readonly callAttribute: 'id' | 'requestid';
}

/** Every type of event that is taken, by its name on the wire. */
const eventTypes: ReadonlyMap<string, EventType> = new Map([
  ['org.kubeflow.serving.inference.request', { kind: 'request', callAttribute: 'id' }],
  ['org.kubeflow.serving.inference.response', { kind: 'response', callAttribute: 'id' }],
  ['io.seldon.serving.inference.request', { kind: 'request', callAttribute: 'requestid' }],
  ['io.seldon.serving.inference.response', { kind: 'response', callAttribute: 'requestid' }],
  ['io.seldon.serving.feedback', { kind: 'feedback', callAttribute: 'requestid' }],
]);

export const eventTypeNames: readonly string[] = [...eventTypes.keys()];

/** The attributes of an event that are looked at. */
export interface EventAttributes {
  readonly kind: EventKind;
  /** Unique among the events of its kind. */
  readonly id: string;
  /** What outcomes are joined by: the id of the call, which request and response share. */
  readonly callId: string;
  /** The node of a Seldon graph that logged it; empty elsewhere. */
  readonly node: string;
  /** When it happened, milliseconds since the epoch with fractions; undefined where the event does not say so. */
  readonly atMs: number | undefined;
  /** The HTTP status of the response, which only newer loggers tell. */
  readonly status: number | undefined;
}

/**
 * Reads the attributes of an event, or what is wrong with them.
 * @param attribute an attribute of CloudEvents by its name; of an extension likewise
 */
export function readAttributes(
  attribute: (name: string) => unknown,
  window: TimeWindow,
): EventAttributes | LineProblem {
  const specVersion = attribute('specversion');
  if (specVersion !== undefined && specVersion !== '1.0' && specVersion !== '0.3') {
    return unexpected('specversion', '1.0', specVersion);
  }
  const typeName = attribute('type');
  const type = typeof typeName === 'string' ? eventTypes.get(typeName) : undefined;
  if (type === undefined) return unexpected('type', `one of ${eventTypeNames.join(', ')}`, typeName);
  const id = attribute('id');
  if (id === undefined) {
    return unexpected('id', `a text of 1 to ${maximumIdLength} characters without control characters`, id);
  }
  const problem = checkOptionalId(id);
  if (problem !== undefined) return problem;
  const time = readTime(attribute('time'), window);
  if (typeof time === 'object') return time;
  const callId = attribute(type.callAttribute);
  const node = attribute('modelid');
  return {
    kind: type.kind,
    id: id as string,
    callId: (callId === undefined || checkOptionalId(callId) !== undefined ? id : callId) as string,
    node: type.callAttribute === 'requestid' && typeof node === 'string' ? node : '',
    atMs: time,
    status: readStatus(attribute('statuscode')),
  };
}

function readTime(value: unknown, window: TimeWindow): number | undefined | LineProblem {
  if (value === undefined || value === '') return undefined;
  const atMs = typeof value === 'string' ? parseEventTime(value) : NaN;
  if (Number.isNaN(atMs)) return unexpected('time', 'a time of RFC 3339', value);
  if (atMs < window.nowMs - window.maxAgeMs) {
    return unexpected(
      'time',
      `a time of at most ${Math.round(window.maxAgeMs / 86_400_000)} days ago`,
      value,
    );
  }
  if (atMs > window.nowMs + window.maxAheadMs) {
    return unexpected('time', `a time at most ${Math.round(window.maxAheadMs / 1000)} s ahead`, value);
  }
  return atMs;
}

const statusPattern = /^[1-5]\d\d$/;

function readStatus(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && statusPattern.test(text) ? Number(text) : undefined;
}
