import { minuteMs } from '../../looks/minutes.js';
import { MinuteValues } from './minute-values.js';
import { relatedSeries } from './related-series.js';
import type { SampledSeries, SeriesIdentity } from './sampled-series.js';
import type { CounterValue } from './value.js';

/** A value as it was at a time. */
export interface Sample {
  readonly timeMs: number;
  readonly value: CounterValue;
}

/** Samples, and which collector they are of. */
export interface CollectedSamples {
  readonly samples: readonly Sample[];
  readonly replica: string;
}

/** What one collector has of a counter. */
class Collected {
  readonly replica: string;
  /** By the minute at whose end the value was the last one. */
  readonly ends = new MinuteValues();
  /** Ascending in time. */
  samples: readonly Sample[] = [];

  constructor(replica: string) {
    this.replica = replica;
  }

  get size(): number {
    return this.ends.size + this.samples.length;
  }
}

/** All that was gathered of one counter: by several collectors, where there are several. */
export class GatheredSeries {
  readonly identity: SeriesIdentity;
  #collected: readonly Collected[] = [];

  constructor(identity: SeriesIdentity) {
    this.identity = identity;
  }

  addEnds({ identity, timesMs, values }: SampledSeries): void {
    this.#of(identity.replica).ends.addAll(timesMs, values);
  }

  addSamples({ identity, timesMs, values }: SampledSeries): void {
    const collected = this.#of(identity.replica);
    if (collected.samples.length === 0) {
      collected.samples = timesMs.flatMap((timeMs, index) => {
        const value = values[index];
        return value === undefined ? [] : [{ timeMs, value }];
      });
      return;
    }
    const known = new Map(collected.samples.map((sample) => [sample.timeMs, sample]));
    timesMs.forEach((timeMs, index) => {
      const value = values[index];
      if (value !== undefined) known.set(timeMs, { timeMs, value });
    });
    collected.samples = [...known.values()].sort((a, b) => a.timeMs - b.timeMs);
  }

  /** The value at the end of a minute; of one collector as long as it has any, so that their delays do not mix. */
  endOf(minute: number, preferred: string | undefined): CollectedSamples | undefined {
    for (const { replica, ends } of this.#inOrder(preferred)) {
      const value = ends.get(minute);
      if (value !== undefined) return { samples: [{ timeMs: (minute + 1) * minuteMs, value }], replica };
    }
    return undefined;
  }

  /** Whether there is a value at the end of a minute. */
  hasEnd(minute: number): boolean {
    return this.#collected.some(({ ends }) => ends.get(minute) !== undefined);
  }

  /** The values at the ends of minutes, and whose they are, where one collector alone has them. */
  get onlyEnds(): { readonly replica: string; readonly ends: MinuteValues } | undefined {
    const [only, another] = this.#collected;
    return another === undefined ? only : undefined;
  }

  /** Whether several collectors have it. */
  get isCollectedTwice(): boolean {
    return this.#collected.length > 1;
  }

  /**
   * The samples of a minute, of one collector: the one that is preferred, unless it has stopped while another went on for
   * more than the distance of two scrapes.
   */
  within(
    minute: number,
    preferred: string | undefined,
    scrapeIntervalMs: number,
  ): CollectedSamples | undefined {
    const found = this.#inOrder(preferred).flatMap(({ replica, samples }) => {
      const from = firstAfter(samples, minute * minuteMs);
      const to = firstAfter(samples, (minute + 1) * minuteMs);
      return to > from ? [{ samples: samples.slice(from, to), replica }] : [];
    });
    const latestMs = Math.max(...found.map(({ samples }) => samples.at(-1)?.timeMs ?? 0));
    return found.find(({ samples }) => (samples.at(-1)?.timeMs ?? 0) >= latestMs - scrapeIntervalMs);
  }

  /** The last value before a minute begins, not older than an instant. */
  before(minute: number, sinceMs: number): { readonly last: Sample; readonly replica: string } | undefined {
    for (const { replica, ends, samples } of this.#inOrder(undefined)) {
      const end = ends.get(minute - 1);
      if (end !== undefined) return { last: { timeMs: minute * minuteMs, value: end }, replica };
      const last = samples[firstAfter(samples, minute * minuteMs) - 1];
      if (last !== undefined && last.timeMs >= sinceMs) return { last, replica };
    }
    return undefined;
  }

  /** Whether any collector scraped it at this very time. */
  wasScrapedAt(timeMs: number): boolean {
    return this.#collected.some(({ samples }) => samples[firstAfter(samples, timeMs) - 1]?.timeMs === timeMs);
  }

  /** When any collector scraped it last before an instant; undefined where none did, as far as the samples go back. */
  scrapeBefore(timeMs: number): number | undefined {
    const times = this.#collected.flatMap(
      ({ samples }) => samples[firstAfter(samples, timeMs - 1) - 1]?.timeMs ?? [],
    );
    return times.length === 0 ? undefined : Math.max(...times);
  }

  #of(replica: string): Collected {
    const known = this.#collected.find((collected) => collected.replica === replica);
    if (known !== undefined) return known;
    const collected = new Collected(replica);
    this.#collected = [...this.#collected, collected];
    return collected;
  }

  /** The preferred collector first, then the one with the most. */
  #inOrder(preferred: string | undefined): readonly Collected[] {
    if (this.#collected.length < 2) return this.#collected;
    return [...this.#collected].sort(
      (a, b) =>
        Number(b.replica === preferred) - Number(a.replica === preferred) ||
        b.size - a.size ||
        (a.replica < b.replica ? -1 : 1),
    );
  }
}

/** The position of the first sample later than an instant. */
function firstAfter(samples: readonly Sample[], ms: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.timeMs ?? Infinity) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What was fetched of all counters of a model: values at the ends of minutes, and scrape by scrape for some minutes. */
export class GatheredSamples {
  readonly #series = new Map<string, GatheredSeries>();
  readonly #byProcess = new Map<string, GatheredSeries[]>();
  readonly #byScrape = new Set<number>();
  #groups: readonly (readonly GatheredSeries[])[] | undefined;

  addEnds(series: readonly SampledSeries[]): void {
    for (const one of series) this.#of(one).addEnds(one);
  }

  /** Takes samples as they were scraped. */
  addSamples(series: readonly SampledSeries[]): void {
    for (const one of series) this.#of(one).addSamples(one);
  }

  /** Says that all samples of some minutes are there. */
  coverByScrape({ from, to }: { readonly from: number; readonly to: number }): void {
    for (let minute = from; minute < to; minute++) this.#byScrape.add(minute);
  }

  isByScrape(minute: number): boolean {
    return this.#byScrape.has(minute);
  }

  get series(): Iterable<GatheredSeries> {
    return this.#series.values();
  }

  /** All counters, in groups of which none has a process or a target in common with another. */
  get groups(): readonly (readonly GatheredSeries[])[] {
    this.#groups ??= relatedSeries(this.#series.values());
    return this.#groups;
  }

  get(key: string): GatheredSeries | undefined {
    return this.#series.get(key);
  }

  /** All counters of a process. */
  ofProcess(process: string): readonly GatheredSeries[] {
    return this.#byProcess.get(process) ?? [];
  }

  #of({ identity }: SampledSeries): GatheredSeries {
    const known = this.#series.get(identity.key);
    if (known !== undefined) return known;
    const series = new GatheredSeries(identity);
    this.#groups = undefined;
    this.#series.set(identity.key, series);
    const siblings = this.#byProcess.get(identity.process);
    if (siblings === undefined) this.#byProcess.set(identity.process, [series]);
    else siblings.push(series);
    return series;
  }
}
