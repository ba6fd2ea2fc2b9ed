import { Registry } from 'prom-client';
import { minuteMs, type CountBatch, type VersionOutcomes } from '../../../src/sources/index.js';
import { createLogger, IngestedMetrics, type IngestedSettings } from '../../../src/telemetry/index.js';
import { readExposition, seriesOf, type Exposition } from './read-exposition.js';

export const noonMs = Date.parse('2026-01-05T12:00:00Z');

/** Few buckets, so that a version has few series: 2, with request times 2 + 6, with scores 2 + 5. */
export const plainSettings: IngestedSettings = {
  enabled: true,
  isWanted: () => true,
  maxSeries: 1000,
  maxLabels: 3,
  staleAfterMs: 60 * minuteMs,
  latencyBuckets: [0.1, 0.2, 0.5],
  scoreBuckets: () => [0, 0.5, 1],
};

/** Metrics of what is ingested on a registry of their own, with a clock that the test moves. */
export class Scene {
  readonly metrics: IngestedMetrics;
  readonly registry = new Registry();
  readonly logged: Readonly<Record<string, unknown>>[] = [];
  nowMs = noonMs;
  #settings: IngestedSettings;

  constructor(settings: Partial<IngestedSettings> = {}) {
    this.#settings = { ...plainSettings, ...settings };
    this.metrics = new IngestedMetrics({
      registry: this.registry,
      logger: createLogger({
        level: 'debug',
        to: {
          write: (line) => void this.logged.push(JSON.parse(line) as Readonly<Record<string, unknown>>),
        },
      }),
      now: () => this.nowMs,
      settings: this.#settings,
    });
  }

  configure(settings: Partial<IngestedSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.metrics.configure(this.#settings);
  }

  count(batch: CountBatch, joined: readonly VersionOutcomes[] = []): Promise<void> {
    return this.metrics.counted(batch, joined);
  }

  async page(): Promise<Exposition> {
    return readExposition(await this.registry.metrics());
  }

  /** The value of a series of model m in namespace ml; undefined where it is not there. */
  async value(name: string, version: string, labels: Readonly<Record<string, string | number>> = {}) {
    const { values } = await this.page();
    const own = { namespace: 'ml', model: 'm', version, ...labels };
    return values.get(seriesOf(`ml_verdict_ingested_${name}`, own));
  }

  /** What is not in the metrics. */
  async dropped(): Promise<number | undefined> {
    const { values } = await this.page();
    return values.get(seriesOf('ml_verdict_ingested_dropped_total', { reason: 'max-series' }));
  }

  /** How many series each version has. */
  async series(): Promise<Readonly<Record<string, number>>> {
    const { values } = await this.page();
    const series: Record<string, number> = {};
    for (const key of values.keys()) {
      const labels = new Map(JSON.parse(key.slice(key.indexOf(' ') + 1)) as [string, string][]);
      const version = labels.get('version');
      if (version !== undefined) series[version] = (series[version] ?? 0) + 1;
    }
    return series;
  }
}
