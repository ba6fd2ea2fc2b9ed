import { z } from 'zod';
import { latencyBoundsMs } from '../../../../src/sources/ledger/latency-grid.js';
import { CountingPod } from '../../../support/fleet/counting-pod.js';
import type { WrittenSeries } from '../../../support/prometheus/simulation/sample-book.js';
import type { RecordedTraffic } from './recorded-traffic.js';

const prediction = z.object({
  version: z.string(),
  at: z.iso.datetime(),
  status: z.number(),
  latencyMs: z.number(),
  prediction: z.number().optional(),
});
const outcome = z.object({
  version: z.string(),
  at: z.iso.datetime(),
  name: z.string().default('default'),
  value: z.number(),
});

/** The edges of the ledger's bins inside [0, 1]. */
const scoreEdges = Array.from({ length: 100 }, (_, edge) => edge / 100);

/** Every look ends with a scrape. */
export const scrapeIntervalMs = 15_000;

const podsOfVersion = 2;

/** What the stable version has served in the days before. */
const carried = 123_456;

interface CountedEvent {
  readonly atMs: number;
  readonly countIn: (pod: CountingPod) => void;
}

/**
 * The counters that pods would have shown which served some traffic: the same lines that the ledger takes, counted in buckets
 * whose bounds are those of the ledger's grids, and scraped at the very end of every look.
 */
export function countersOf(
  traffic: RecordedTraffic,
  namespace: string,
  endMs: number,
): readonly WrittenSeries[] {
  return [...eventsByVersion(traffic)].flatMap(([version, events]) => {
    const isStable = version === traffic.stable;
    const firstMs = events[0]?.atMs ?? endMs;
    // Where the first look begins nothing of it has been served.
    const fromMs = Math.floor(firstMs / 60_000) * 60_000;
    const startedMs = isStable ? fromMs - 5 * 86_400_000 : firstMs - 1;
    const pods = Array.from({ length: podsOfVersion }, (_, index) => {
      const labels = { job: `${namespace}/models`, instance: `${version}-${index}:80`, namespace, version };
      const pod = new CountingPod({
        labels,
        startedMs,
        latencyBoundsMs,
        scoreEdges,
        outcomes: traffic.outcomes,
      });
      if (isStable) pod.serve({ latencyMs: 20, score: 0.5 }, carried);
      return pod;
    });
    let next = 0;
    for (let atMs = isStable ? fromMs : fromMs + scrapeIntervalMs; atMs <= endMs; atMs += scrapeIntervalMs) {
      for (; (events[next]?.atMs ?? Infinity) < atMs; next++) {
        const pod = pods[next % pods.length];
        if (pod !== undefined) events[next]?.countIn(pod);
      }
      if (atMs > startedMs) for (const pod of pods) pod.scrape(atMs);
    }
    return pods.flatMap((pod) => pod.takeSeries());
  });
}

function eventsByVersion({ bodies }: RecordedTraffic): ReadonlyMap<string, readonly CountedEvent[]> {
  const versions = new Map<string, CountedEvent[]>();
  const add = (version: string, event: CountedEvent): void => {
    const events = versions.get(version);
    if (events === undefined) versions.set(version, [event]);
    else events.push(event);
  };
  for (const body of bodies) {
    for (const line of linesOf(body.predictions)) {
      const { version, at, status, latencyMs, prediction: score } = prediction.parse(line);
      const request = { failed: status >= 500, latencyMs, ...(score === undefined ? {} : { score }) };
      add(version, {
        atMs: Date.parse(at),
        countIn: (pod) => {
          pod.serve(request);
        },
      });
    }
    for (const line of linesOf(body.outcomes)) {
      const { version, at, name, value } = outcome.parse(line);
      add(version, {
        atMs: Date.parse(at),
        countIn: (pod) => {
          pod.happen(name, value);
        },
      });
    }
  }
  for (const events of versions.values()) events.sort((left, right) => left.atMs - right.atMs);
  return versions;
}

function linesOf(body: string): readonly unknown[] {
  return body === '' ? [] : body.split('\n').map((line) => JSON.parse(line) as unknown);
}
