import { minuteMs } from '../../../../src/sources/index.js';
import type { ScrapedSeries } from './simulated-server.js';

/** When the scenes happen. */
export const noonMs = Date.parse('2026-01-05T12:00:00Z');

/** One process of a pod: from when to when it runs, and what it serves. */
export interface PodProcess {
  /** Seconds from noon. */
  readonly from: number;
  readonly to: number;
}

/** A pod that counts requests, and how it is scraped. */
export interface Pod {
  readonly name: string;
  readonly version: string;
  /** Its runs, one after the other; counters begin at 0 with each. */
  readonly runs: readonly PodProcess[];
  /** Seconds after noon of one of its scrapes, and between two of them. */
  readonly scrapeOffset: number;
  readonly scrapeEvery: number;
  /** Spans of seconds in which it is not scraped. */
  readonly gaps?: readonly PodProcess[];
  /** What happens in a second of its life: requests and errors. */
  readonly serve: (second: number) => { readonly requests: number; readonly errors: number };
  /** Whether it tells when it began. */
  readonly tellsStart?: boolean;
}

interface Counters {
  readonly startSecond: number;
  ok: number;
  failed: number;
  hasFailed: boolean;
}

/** What one scrape showed. */
interface Scrape {
  readonly second: number;
  readonly startSecond: number;
  readonly ok: number;
  /** Undefined until the first failure: most clients have no series before. */
  readonly failed: number | undefined;
}

function scrapesOf(pod: Pod): readonly Scrape[] {
  const scrapes: Scrape[] = [];
  for (const run of pod.runs) {
    const counters: Counters = { startSecond: run.from, ok: 0, failed: 0, hasFailed: false };
    for (let second = run.from; second < run.to; second++) {
      const { requests, errors } = pod.serve(second);
      counters.ok += requests - errors;
      counters.failed += errors;
      counters.hasFailed ||= errors > 0;
      const isScraped =
        (((second - pod.scrapeOffset) % pod.scrapeEvery) + pod.scrapeEvery) % pod.scrapeEvery === 0;
      const isGap = pod.gaps?.some(({ from, to }) => second >= from && second < to) === true;
      if (!isScraped || isGap) continue;
      scrapes.push({
        second,
        startSecond: counters.startSecond,
        ok: counters.ok,
        failed: counters.hasFailed ? counters.failed : undefined,
      });
    }
  }
  return scrapes;
}

/** The series that a server has of some pods. */
export function seriesOf(pods: readonly Pod[]): readonly ScrapedSeries[] {
  return pods.flatMap((pod) => {
    const scrapes = scrapesOf(pod);
    const target = { job: 'model', instance: `${pod.name}:8080`, pod: pod.name, version: pod.version };
    const at = (second: number) => noonMs + second * 1000;
    const series: ScrapedSeries[] = [
      {
        labels: { __name__: 'http_requests_total', code: '200', ...target },
        samples: scrapes.map(({ second, ok }) => [at(second), ok]),
      },
      {
        labels: { __name__: 'http_requests_total', code: '500', ...target },
        samples: scrapes.flatMap(({ second, failed }) =>
          failed === undefined ? [] : [[at(second), failed] as const],
        ),
      },
    ];
    if (pod.tellsStart !== false) {
      series.push({
        labels: { __name__: 'process_start_time_seconds', ...target },
        samples: scrapes.map(({ second, startSecond }) => [at(second), at(startSecond) / 1000]),
      });
    }
    return series;
  });
}

/** Requests and errors that scrapes of a version showed for the first time, by minute from noon. */
export type Truth = ReadonlyMap<number, { readonly requests: number; readonly errors: number }>;

/** What is to be counted: from each pod's scrape to the next, a process beginning at 0. */
export function truthOf(pods: readonly Pod[], version: string): Truth {
  const truth = new Map<number, { requests: number; errors: number }>();
  for (const pod of pods) {
    if (pod.version !== version) continue;
    let before: Scrape | undefined;
    for (const scrape of scrapesOf(pod)) {
      const isSame = before?.startSecond === scrape.startSecond;
      const ok = scrape.ok - (isSame ? (before?.ok ?? 0) : 0);
      const failed = (scrape.failed ?? 0) - (isSame ? (before?.failed ?? 0) : 0);
      // A look ends with its end: what is scraped at that very instant is of it.
      const minute = Math.ceil((scrape.second * 1000) / minuteMs) - 1;
      const counts = truth.get(minute) ?? { requests: 0, errors: 0 };
      counts.requests += ok + failed;
      counts.errors += failed;
      truth.set(minute, counts);
      before = scrape;
    }
  }
  return truth;
}
