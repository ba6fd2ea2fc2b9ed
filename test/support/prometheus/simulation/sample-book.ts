import type { ExposedSeries, NativeSample } from '../exposure.js';

/** What a server writes for a series at the moment in which it finds that it is gone. */
export const staleMark = 'stale';

export interface WrittenSample {
  readonly timeMs: number;
  readonly value: number | NativeSample | typeof staleMark;
}

/** Samples as remote write takes them, ascending in time. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly WrittenSample[];
}

type Labels = Readonly<Record<string, string>>;

/** Keeps what a server would keep of what it scrapes, marks of what is gone included. */
export class SampleBook {
  readonly #series = new Map<string, { readonly labels: Labels; readonly samples: WrittenSample[] }>();
  /** The series that each collector found at its last scrape of a target. */
  readonly #found = new Map<string, ReadonlySet<string>>();

  /**
   * A scrape found these series.
   * @param collector who scrapes which address
   */
  scraped(collector: string, target: Labels, timeMs: number, exposed: readonly ExposedSeries[]): void {
    const found = new Set<string>();
    for (const { labels, value } of [...exposed, up(1)]) {
      found.add(this.#write({ ...target, ...labels }, timeMs, value));
    }
    this.#markGone(collector, found, timeMs);
  }

  /** A scrape found nobody. */
  failed(collector: string, target: Labels, timeMs: number): void {
    const found = new Set([this.#write({ ...target, ...up(0).labels }, timeMs, 0)]);
    this.#markGone(collector, found, timeMs);
  }

  /** The address is no target any more. */
  gone(collector: string, timeMs: number): void {
    this.#markGone(collector, new Set(), timeMs);
  }

  /** The collector itself was not there: it knows nothing of what it found before. */
  forgotten(collector: string): void {
    this.#found.delete(collector);
  }

  series(): readonly WrittenSeries[] {
    return [...this.#series.values()];
  }

  #write(labels: Labels, timeMs: number, value: WrittenSample['value']): string {
    const key = JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
    const series = this.#series.get(key) ?? { labels, samples: [] };
    this.#series.set(key, series);
    series.samples.push({ timeMs, value });
    return key;
  }

  #markGone(collector: string, found: ReadonlySet<string>, timeMs: number): void {
    for (const key of this.#found.get(collector) ?? []) {
      if (!found.has(key)) this.#series.get(key)?.samples.push({ timeMs, value: staleMark });
    }
    this.#found.set(collector, found);
  }
}

function up(value: number): ExposedSeries {
  return { labels: { __name__: 'up' }, value };
}
