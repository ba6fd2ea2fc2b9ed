import type { MinuteCounts } from '../../sources/index.js';
import { ModelShape } from './model-shape.js';
import type { IngestedSettings } from './settings.js';
import { VersionCounts, type OutcomeCounts } from './version-counts.js';

/** Whose counts they are. */
export interface VersionName {
  readonly namespace: string;
  readonly model: string;
  readonly version: string;
}

interface ModelEntry {
  readonly namespace: string;
  readonly model: string;
  readonly shape: ModelShape;
  readonly versions: Map<string, VersionCounts>;
  /** The most series that any of its versions had, or would have had: what a further one is expected to need. */
  largest: number;
  lastMs: number;
}

/** Versions that were not used for long are looked for so often at most while room is wanted. */
const staleEveryMs = 1000;

/**
 * The counts of all versions that are offered, within a bound on their series. A version that does not fit is left out
 * as a whole, from its first count or from where it outgrows the bound: one of which some series are missing would be
 * compared with others as if it had counted nothing there.
 */
export class IngestedCounts {
  readonly #models = new Map<string, ModelEntry>();
  #settings: IngestedSettings;
  #series = 0;
  #staleAskedMs = -Infinity;

  constructor(settings: IngestedSettings) {
    this.#settings = settings;
  }

  /** Takes other settings over: what they do not want goes, and histograms with other buckets begin at zero. */
  configure(settings: IngestedSettings): void {
    this.#settings = settings;
    this.#series = 0;
    for (const [key, entry] of this.#models) {
      if (!settings.isWanted(entry.namespace, entry.model)) {
        this.#models.delete(key);
        continue;
      }
      entry.shape.configure(settings);
      entry.largest = 0;
      for (const version of entry.versions.values()) {
        version.reshape();
        this.#series += version.series;
        entry.largest = Math.max(entry.largest, version.series);
      }
    }
    this.#dropOldest();
  }

  /** Counts a minute of a version, or says that there is no room for it. */
  addMinute(of: VersionName, minute: MinuteCounts, nowMs: number): boolean {
    return this.#add(of, nowMs, (counts) => {
      counts.add(minute);
    });
  }

  /** The same for outcomes. */
  addOutcomes(of: VersionName, outcome: string, sum: Readonly<OutcomeCounts>, nowMs: number): boolean {
    return this.#add(of, nowMs, (counts) => {
      counts.addOutcomes(outcome, sum);
    });
  }

  /** The versions that are offered; those that were not used for long are not. */
  *versions(nowMs: number): Generator<VersionCounts> {
    this.#removeStale(nowMs);
    for (const { versions } of this.#models.values()) yield* versions.values();
  }

  #add(
    { namespace, model, version }: VersionName,
    nowMs: number,
    count: (counts: VersionCounts) => void,
  ): boolean {
    const entry = this.#entryOf(namespace, model);
    entry.lastMs = nowMs;
    const known = entry.versions.get(version);
    const counts = known ?? new VersionCounts({ namespace, model, version }, entry.shape);
    const before = known?.series ?? 0;
    count(counts);
    counts.lastMs = nowMs;
    const { series } = counts;
    entry.largest = Math.max(entry.largest, series);
    // A new version is let in with what it will grow to: it would have to leave again otherwise.
    const wanted = (known === undefined ? entry.largest : series) - before;
    if (!this.#hasRoom(wanted, nowMs)) {
      entry.versions.delete(version);
      this.#series -= before;
      return false;
    }
    entry.versions.set(version, counts);
    this.#series += series - before;
    return true;
  }

  #hasRoom(series: number, nowMs: number): boolean {
    const { maxSeries } = this.#settings;
    if (series <= 0 || this.#series + series <= maxSeries) return true;
    if (nowMs - this.#staleAskedMs >= staleEveryMs) this.#removeStale(nowMs);
    return this.#series + series <= maxSeries;
  }

  #entryOf(namespace: string, model: string): ModelEntry {
    const key = `${namespace}\0${model}`;
    let entry = this.#models.get(key);
    if (entry === undefined) {
      const shape = new ModelShape(namespace, model, this.#settings);
      entry = { namespace, model, shape, versions: new Map(), largest: 0, lastMs: -Infinity };
      this.#models.set(key, entry);
    }
    return entry;
  }

  #removeStale(nowMs: number): void {
    this.#staleAskedMs = nowMs;
    const usedSinceMs = nowMs - this.#settings.staleAfterMs;
    for (const [key, entry] of this.#models) {
      for (const [version, counts] of entry.versions) {
        if (counts.lastMs >= usedSinceMs) continue;
        entry.versions.delete(version);
        this.#series -= counts.series;
      }
      if (entry.versions.size === 0 && entry.lastMs < usedSinceMs) this.#models.delete(key);
    }
  }

  /** Leaves out those that were not used for longest while there are more series than there may be. */
  #dropOldest(): void {
    const all = [...this.#models.values()].flatMap(({ versions }) =>
      [...versions].map(([version, counts]) => ({ versions, version, counts })),
    );
    all.sort((one, other) => one.counts.lastMs - other.counts.lastMs);
    for (const { versions, version, counts } of all) {
      if (this.#series <= this.#settings.maxSeries) return;
      versions.delete(version);
      this.#series -= counts.series;
    }
  }
}
