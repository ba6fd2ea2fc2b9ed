/** The pods of the guide: a sound model and a canary as sound, as a Prometheus would have them that scrapes both. */
import type { WrittenSeries } from '../../../support/prometheus/simulation/sample-book.js';

export const stableHash = '6c8b5d7f9d';
export const canaryHash = '5d7f8c9b64';

const scrapeEverySeconds = 15;

/** What a pod serves from its start on, evenly. */
interface GuidePod {
  readonly name: string;
  readonly hash: string;
  /** When its process began, milliseconds since the epoch. */
  readonly startMs: number;
  /** From when on it was scraped. */
  readonly scrapedMs: number;
  readonly requestsPerSecond: number;
}

/** One request in so many fails. */
const requestsPerFailure = 400;

/** Shares of the requests below each bound, in seconds. */
const latencyShares: readonly (readonly [string, number])[] = [
  ['0.05', 0.45],
  ['0.1', 0.85],
  ['0.2', 0.997],
  ['0.5', 0.999],
  ['1', 1],
  ['+Inf', 1],
];

const scoreBounds = ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1', '+Inf'];

/**
 * Everything that a Prometheus has of the model from two hours ago on, and for some minutes to come, while the guide is
 * gone through. The canary began 40 minutes ago, with a fifth of the traffic.
 */
export function guideSeries(nowMs: number): readonly WrittenSeries[] {
  const minute = Math.floor(nowMs / 60_000);
  const hoursAgoMs = (minute - 120) * 60_000;
  const canaryMs = (minute - 40) * 60_000;
  const old = { hash: stableHash, startMs: hoursAgoMs - 86_400_000, scrapedMs: hoursAgoMs };
  const pods: readonly GuidePod[] = [
    { ...old, name: 'x2lkq', requestsPerSecond: 10 },
    { ...old, name: 'm8w4d', requestsPerSecond: 10 },
    { name: 'q7h2z', hash: canaryHash, startMs: canaryMs, scrapedMs: canaryMs, requestsPerSecond: 5 },
  ];
  const untilMs = nowMs + 5 * 60_000;
  return pods.flatMap((pod, index) => podSeries(pod, index, untilMs));
}

function podSeries(pod: GuidePod, index: number, untilMs: number): readonly WrittenSeries[] {
  const target = {
    namespace: 'shop',
    job: 'shop/fraud-detector',
    instance: `10.0.0.${index + 11}:8080`,
    pod: `fraud-detector-${pod.hash}-${pod.name}`,
    rollouts_pod_template_hash: pod.hash,
  };
  const timesMs: number[] = [];
  // Each pod has a place of its own in the interval.
  const firstMs = pod.scrapedMs + (4 + 5 * index) * 1000;
  for (let atMs = firstMs; atMs <= untilMs; atMs += scrapeEverySeconds * 1000) timesMs.push(atMs);
  const series = (
    labels: Readonly<Record<string, string>>,
    valueOf: (served: number) => number,
  ): WrittenSeries => ({
    labels: { ...target, ...labels },
    samples: timesMs.map((timeMs) => ({
      timeMs,
      value: valueOf(Math.floor(((timeMs - pod.startMs) / 1000) * pod.requestsPerSecond)),
    })),
  });
  const failures = (served: number) => Math.floor(served / requestsPerFailure);
  const histogram = (name: string, shares: readonly (readonly [string, number])[]) => [
    ...shares.map(([le, share]) =>
      series({ __name__: `${name}_bucket`, le }, (served) => Math.floor(served * share)),
    ),
    series({ __name__: `${name}_count` }, (served) => served),
  ];
  return [
    series({ __name__: 'http_requests_total', code: '200' }, (served) => served - failures(served)),
    series({ __name__: 'http_requests_total', code: '500' }, failures),
    ...histogram('http_request_duration_seconds', latencyShares),
    ...histogram(
      'fraud_score',
      scoreBounds.map((le, place) => [le, Math.min(1, ((place + 1) / 10) ** 0.5)] as const),
    ),
    series({ __name__: 'process_start_time_seconds' }, () => pod.startMs / 1000),
  ];
}
