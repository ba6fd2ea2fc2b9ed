import { eventMs } from './events-server.js';

interface WireEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface EventOptions {
  readonly id?: string;
  readonly body?: unknown;
  /** After the time of the tests. */
  readonly laterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A time as Go writes it, with nanoseconds. */
function goTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '503059Z');
}

/** An event exactly as the agent of KServe 0.20 sends it. */
export function kserveEvent(
  kind: 'request' | 'response',
  { id = 'call-1', laterMs = 0, headers = {}, ...given }: EventOptions = {},
): WireEvent {
  const standard = kind === 'request' ? { instances: [[6.8, 2.8]] } : { predictions: [0.25] };
  return {
    headers: {
      'User-Agent': 'Go-http-client/1.1',
      'Ce-Component': 'predictor',
      'Ce-Endpoint': 'default',
      'Ce-Id': id,
      'Ce-Inferenceservicename': 'm',
      'Ce-Metadata': '{}',
      'Ce-Namespace': 'ml',
      'Ce-Recordedtime': goTime(eventMs + laterMs),
      'Ce-Source': 'http://localhost:9081/',
      'Ce-Specversion': '1.0',
      'Ce-Time': goTime(eventMs + laterMs),
      'Ce-Type': `org.kubeflow.serving.inference.${kind}`,
      'Content-Type': 'application/json',
      ...headers,
    },
    body: 'body' in given ? given.body : standard,
  };
}

let seldonEvents = 0;

/** An event as the executor of Seldon Core 1 sends it: an id of its own, and the id of the call. */
export function seldonEvent(
  kind: 'inference.request' | 'inference.response' | 'feedback',
  { id = 'puid-1', laterMs = 0, headers = {}, ...given }: EventOptions = {},
): WireEvent {
  seldonEvents++;
  return {
    headers: {
      'Ce-Endpoint': 'canary',
      'Ce-Id': `event-${seldonEvents}`,
      'Ce-Inferenceservicename': 'sdep',
      'Ce-Modelid': 'classifier',
      'Ce-Namespace': 'ml',
      'Ce-Protocol': 'seldon',
      'Ce-Requestid': id,
      'Ce-Source': 'http://:8000/',
      'Ce-Specversion': '1.0',
      'Ce-Time': goTime(eventMs + laterMs),
      'Ce-Type': `io.seldon.serving.${kind}`,
      'Content-Type': 'application/json',
      ...headers,
    },
    body: 'body' in given ? given.body : { data: { names: ['proba'], ndarray: [[0.9]] }, meta: {} },
  };
}
