import { defaultNowMs } from './test-service.js';

const minuteMs = 60_000;

/** One version's traffic: whole minutes up to the last settled one, the same every minute. */
export interface Traffic {
  readonly version: string;
  readonly minutes: number;
  readonly perMinute: number;
  readonly errorsPerMinute?: number;
  readonly latencyMs?: number;
  /** The score of the request with this number within its minute. */
  readonly score?: (index: number) => number;
  readonly model?: string;
  readonly namespace?: string;
  /** The end of the last minute. */
  readonly endMs?: number;
}

/** Lines for `POST /v1/predictions`. */
export function predictionLines(traffic: Traffic): readonly Readonly<Record<string, unknown>>[] {
  const {
    version,
    minutes,
    perMinute,
    errorsPerMinute = 0,
    latencyMs = 80,
    score,
    model = 'fraud',
  } = traffic;
  const endMs = traffic.endMs ?? Math.floor(defaultNowMs / minuteMs) * minuteMs;
  return Array.from({ length: minutes * perMinute }, (_, number) => {
    const minute = Math.floor(number / perMinute);
    const index = number % perMinute;
    const atMs = endMs - (minutes - minute) * minuteMs + Math.floor((index * minuteMs) / perMinute);
    return {
      model,
      version,
      at: new Date(atMs).toISOString(),
      latencyMs,
      ...(traffic.namespace === undefined ? {} : { namespace: traffic.namespace }),
      ...(index < errorsPerMinute ? { status: 500 } : {}),
      ...(score === undefined ? {} : { prediction: score(index) }),
    };
  });
}
