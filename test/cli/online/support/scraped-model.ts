import type { ScrapedSeries } from '../../../sources/prometheus/support/simulated-server.js';

type Labels = Readonly<Record<string, string>>;

/** When the servers of these tests are asked, where nothing else is said. */
export const nowMs = Date.parse('2026-01-05T12:00:00Z');

/** How a series was scraped. */
export interface Scraping {
  readonly everySeconds?: number;
  /** How old its newest sample is. */
  readonly ageSeconds?: number;
  /** How far back it goes. */
  readonly spanSeconds?: number;
  readonly untilMs?: number;
}

/** A series; its values by the seconds since its first sample was due. */
export function scraped(
  labels: Labels,
  valueAt: (second: number) => number,
  scraping: Scraping = {},
): ScrapedSeries {
  const { everySeconds = 15, ageSeconds = 5, spanSeconds = 1800, untilMs = nowMs } = scraping;
  const samples: (readonly [number, number])[] = [];
  for (let second = 0; second <= spanSeconds - ageSeconds; second += everySeconds) {
    samples.push([untilMs - (spanSeconds - second) * 1000, valueAt(second)]);
  }
  return { labels, samples };
}

/** A pod, and what is different about it. */
export interface PodOfModel {
  readonly name: string;
  readonly version: string;
  readonly scraping?: Scraping;
  /** Over those that every pod has; an empty one is left out. */
  readonly labels?: Labels;
  /** Bounds of the times in seconds, each with the share of the requests below. */
  readonly times?: Readonly<Record<string, number>>;
  readonly scores?: Readonly<Record<string, number>>;
}

export const usualTimes = { '0.1': 0.9, '0.2': 0.995, '0.5': 0.999, '1': 1 };
export const usualScores = { '0.2': 0.3, '0.4': 0.5, '0.6': 0.7, '0.8': 0.9, '1': 1 };

/** The labels of a pod that is scraped. */
export function targetOf({ name, version, labels = {} }: PodOfModel): Labels {
  const all = { namespace: 'shop', job: 'models', instance: `${name}:8080`, pod: name, version, ...labels };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** All that a pod shows, two requests a second, one in a hundred of which fails. */
export function podSeries(pod: PodOfModel): readonly ScrapedSeries[] {
  const { times = usualTimes, scores = usualScores, scraping = {} } = pod;
  const target = targetOf(pod);
  const { spanSeconds = 1800, untilMs = nowMs } = scraping;
  const series = (labels: Labels, valueAt: (second: number) => number) =>
    scraped({ ...target, ...labels }, valueAt, scraping);
  const histogram = (name: string, shares: Readonly<Record<string, number>>) =>
    Object.entries({ ...shares, '+Inf': 1 }).map(([le, share]) =>
      series({ __name__: `${name}_bucket`, le }, (second) => Math.floor(2 * second * share)),
    );
  return [
    series(
      { __name__: 'http_requests_total', code: '200' },
      (second) => 2 * second - Math.floor(second / 50),
    ),
    series({ __name__: 'http_requests_total', code: '500' }, (second) => Math.floor(second / 50)),
    ...histogram('http_request_duration_seconds', times),
    ...histogram('model_score', scores),
    series({ __name__: 'process_start_time_seconds' }, () => untilMs / 1000 - spanSeconds - 60),
  ];
}

export const stablePods: readonly PodOfModel[] = [
  { name: 'fraud-a', version: 'v1' },
  { name: 'fraud-b', version: 'v1' },
];
export const canaryPod: PodOfModel = { name: 'fraud-c', version: 'v2' };

/** A model as it should be. */
export const soundSeries: readonly ScrapedSeries[] = [...stablePods, canaryPod].flatMap(podSeries);

/** Series whose metric is one of these. */
export function isOf(...metrics: readonly string[]): (series: ScrapedSeries) => boolean {
  return ({ labels }) => metrics.includes(labels['__name__'] ?? '');
}

/** The sound series, those of some metrics left out. */
export function soundWithout(...metrics: readonly string[]): readonly ScrapedSeries[] {
  return soundSeries.filter((series) => !isOf(...metrics)(series));
}

/** How the model is read, as a config has it. */
export const soundEntry = {
  where: { namespace: '{{namespace}}' },
  requests: 'http_requests_total',
  errors: { metric: 'http_requests_total', where: { code: { matches: '5..' } } },
  latency: 'http_request_duration_seconds',
  predictions: { histogram: 'model_score' },
};
