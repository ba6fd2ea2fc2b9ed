import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Metric, Registry } from 'prom-client';
import type { CountBatch, MinuteCounts, VersionOutcomes } from '../../sources/index.js';
import type { CountListener } from '../../ingest/index.js';
import type { Logger } from '../logger.js';
import { IngestedCounts, type VersionName } from './ingested-counts.js';
import { droppedMetric, droppedName, offeredMetrics, type DropReason } from './offered-metrics.js';
import type { IngestedSettings } from './settings.js';

/** What the metrics of what is ingested work with. */
export interface IngestedMetricsParts {
  readonly registry: Registry;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly settings: IngestedSettings;
}

/** Minutes of versions that are counted between two turns of the event loop. */
const minutesPerTurn = 100;

const noRoom: DropReason = 'max-series';

/**
 * Offers what the ledger counts as counters and histograms, from the moment on in which they are enabled. Each batch is
 * told of once it is durable, whatever the times of its events: a counter tells when something was counted.
 */
export class IngestedMetrics implements CountListener {
  readonly #parts: IngestedMetricsParts;
  readonly #counts: IngestedCounts;
  readonly #metrics: ReadonlyMap<string, Metric>;
  readonly #dropped = droppedMetric();
  #settings: IngestedSettings;
  /** Whether it was told that there is no room. */
  #toldOfRoom = false;

  constructor(parts: IngestedMetricsParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#counts = new IngestedCounts(parts.settings);
    this.#dropped.inc({ reason: noRoom }, 0);
    this.#metrics = new Map<string, Metric>([
      ...offeredMetrics(() => [...this.#counts.versions(parts.now())]),
      [droppedName, this.#dropped],
    ]);
    this.#register();
  }

  get isListening(): boolean {
    return this.#settings.enabled;
  }

  /** Puts other settings in force. What was counted stays, also while nothing is offered. */
  configure(settings: IngestedSettings): void {
    this.#settings = settings;
    this.#toldOfRoom = false;
    this.#counts.configure(settings);
    this.#register();
  }

  async counted(batch: CountBatch, joined: readonly VersionOutcomes[]): Promise<void> {
    try {
      await this.#count(batch, joined);
    } catch (error) {
      // What is recorded is recorded: its sender must not send it again.
      this.#parts.logger.error({ err: error }, 'ingested counts are missing in the metrics');
    }
  }

  async #count(batch: CountBatch, joined: readonly VersionOutcomes[]): Promise<void> {
    const nowMs = this.#parts.now();
    let steps = 0;
    for (const { namespace, model, versions } of batch.models()) {
      if (!this.#settings.isWanted(namespace, model)) continue;
      for (const [version, minutes] of versions) {
        const of = { namespace, model, version };
        for (const minute of minutes.values()) {
          if (++steps % minutesPerTurn === 0) await nextTurn();
          if (!this.#counts.addMinute(of, minute, nowMs)) this.#drop(of, eventsIn(minute));
        }
      }
    }
    for (const { outcome, sum, ...of } of joined) {
      if (!this.#settings.isWanted(of.namespace, of.model)) continue;
      if (++steps % minutesPerTurn === 0) await nextTurn();
      if (!this.#counts.addOutcomes(of, outcome, sum, nowMs)) this.#drop(of, sum.count);
    }
  }

  #drop(of: VersionName, events: number): void {
    this.#dropped.inc({ reason: noRoom }, events);
    if (this.#toldOfRoom) return;
    this.#toldOfRoom = true;
    const { maxSeries } = this.#settings;
    this.#parts.logger.warn(
      { ...of, maxSeries },
      'a version has no room in the metrics of what is ingested (metrics.ingested.maxSeries) and is left out of them; others may be too',
    );
  }

  #register(): void {
    const { registry } = this.#parts;
    for (const [name, metric] of this.#metrics) {
      if (this.#settings.enabled) registry.registerMetric(metric);
      else registry.removeSingleMetric(name);
    }
  }
}

/** Requests, and outcomes without an id. */
function eventsIn({ requests, outcomes }: MinuteCounts): number {
  let events = requests;
  for (const { count } of outcomes.values()) events += count;
  return events;
}
