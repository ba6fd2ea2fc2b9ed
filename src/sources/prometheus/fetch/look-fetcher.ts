import type { MinuteSpan } from '../../looks/judged-span.js';
import { minuteMs } from '../../looks/minutes.js';
import type { Channel } from '../counting/channel.js';
import type { GatheredSamples } from '../counting/gathered-samples.js';
import type { ProcessStarts } from '../counting/process-starts.js';
import { readSeries } from '../counting/sampled-series.js';
import type { Query, QueryServer, QuerySeries, RangeQuery } from '../server/query.js';
import type { QuantileLooks } from '../counting/quantile-looks.js';
import { FailedFetch } from './failed-fetch.js';
import type { ModelReading } from './model-reading.js';

/** Samples are fetched from so long before the first minute, to see what the counters showed before. */
const overlapMs = 5 * minuteMs;

/** Over so long the distance of scrapes is measured. */
const intervalSpanMs = 5 * minuteMs;

/** Whole parts of a minute, so that its end is among them; short, should scrapes be closer than the config says. */
const partsOfMinuteMs = [5000, 2000, 1000];

/** What one fetch asked and got. */
export interface FetchTotals {
  queries: number;
  bytes: number;
  slowestMs: number;
  /** What time it was by the clock of the server, at the last answer that told it. */
  serverMs?: number;
}

/** When the requests of the versions were scraped last, and how far scrapes are apart: milliseconds. */
export interface NewestScrapes {
  /** Absent: not within the last minutes. */
  readonly canary?: number;
  readonly stable?: number;
  /** Absent: too few to tell. */
  readonly intervalMs?: number;
}

/** Asks a server what is needed to count some minutes. Every failure is a {@link FailedFetch}. */
export class LookFetcher {
  readonly #server: QueryServer;
  readonly #reading: ModelReading;
  readonly #signal: AbortSignal;
  readonly totals: FetchTotals = { queries: 0, bytes: 0, slowestMs: 0 };

  constructor(server: QueryServer, reading: ModelReading, signal: AbortSignal) {
    this.#server = server;
    this.#reading = reading;
    this.#signal = signal;
  }

  /**
   * What all counters showed at the end of the minutes, and before the first of them. Native histograms are left out:
   * older servers answer 0 for the last one over some time.
   */
  async ends(span: MinuteSpan, gathered: GatheredSamples): Promise<void> {
    await this.#forChannels(
      this.#reading.channels.filter(({ native }) => native !== true),
      (channel) => this.#range(this.#reading.expressions.ends(channel), { from: span.from - 1, to: span.to }),
      (channel, series) => {
        gathered.addEnds(this.#read(channel, series));
      },
    );
  }

  /** Every sample of the minutes and of some time before, and of which process each of them is. */
  async samples(span: MinuteSpan, gathered: GatheredSamples, starts: ProcessStarts): Promise<void> {
    const spanMs = (span.to - span.from) * minuteMs + overlapMs;
    await Promise.all([
      this.#starts(span, starts, this.#samplesApartMs),
      this.#forChannels(
        this.#reading.channels,
        (channel) => ({
          kind: 'instant',
          expression: this.#reading.expressions.samples(channel, spanMs),
          atMs: span.to * minuteMs,
        }),
        (channel, series) => {
          gathered.addSamples(this.#read(channel, series));
        },
      ),
    ]);
    gathered.coverByScrape(span);
  }

  /** When processes and counters began, as it was at the ends of the minutes. */
  async starts(span: MinuteSpan, starts: ProcessStarts): Promise<void> {
    await Promise.all([this.#starts(span, starts), this.created(span, starts)]);
  }

  /** When the counters themselves began. */
  async created(span: MinuteSpan, starts: ProcessStarts): Promise<void> {
    const { expressions, channels, queries } = this.#reading;
    if (queries.aggregated) return;
    starts.addCreated(await this.#ask(this.#range(expressions.created(channels), span)));
  }

  async #starts(span: MinuteSpan, starts: ProcessStarts, stepMs?: number): Promise<void> {
    const { expressions, queries } = this.#reading;
    if (queries.aggregated) return;
    const range = this.#range(expressions.starts(), { from: span.from - 1, to: span.to });
    starts.addStarts(await this.#ask(stepMs === undefined ? range : { ...range, stepMs }), stepMs);
  }

  /** A part of a minute in which no target is scraped twice. */
  get #samplesApartMs(): number {
    const thirdMs = this.#reading.queries.scrapeIntervalMs / 3;
    return partsOfMinuteMs.find((partMs) => partMs <= thirdMs) ?? 1000;
  }

  /** The minutes in which a counter of requests went down, whatever it shows at the end. */
  async resets(span: MinuteSpan): Promise<ReadonlySet<number>> {
    if (this.#reading.queries.aggregated) return new Set();
    const series = await this.#ask(this.#range(this.#reading.expressions.resets(), span));
    return minutesOf(series);
  }

  /** The minutes at whose end the canary had counters of requests. */
  async presence(span: MinuteSpan): Promise<ReadonlySet<number>> {
    return minutesOf(await this.#ask(this.#range(this.#reading.expressions.presence(), span)));
  }

  /** Quantiles that the targets computed themselves; nothing where the model has no such signal. */
  async summaries(span: MinuteSpan, quantiles: QuantileLooks): Promise<void> {
    const { summary, expressions, series } = this.#reading;
    if (summary === undefined) return;
    quantiles.add(
      await this.#ask(this.#range(expressions.summaries(summary), span)),
      summary.unit,
      series.armOf,
    );
  }

  /** The versions for which requests are counted at all. */
  async versions(atMs: number, spanMs: number): Promise<readonly string[]> {
    const expression = this.#reading.expressions.versions(spanMs);
    const series = await this.#ask({ kind: 'instant', expression, atMs });
    const { label } = this.#reading.queries.version;
    return series.flatMap(({ labels }) => labels[label] ?? []).sort();
  }

  /** What the newest scrapes of the requests are like, up to an instant. */
  async newestScrapes(atMs: number): Promise<NewestScrapes> {
    const [requests] = this.#reading.channels;
    if (requests === undefined) return {};
    const { armOf } = this.#reading.series;
    const expression = this.#reading.expressions.samples(requests, intervalSpanMs);
    const series = await this.#ask({ kind: 'instant', expression, atMs });
    const intervalMs = usualInterval(series, armOf);
    const newest: { canary?: number; stable?: number } = {};
    for (const { labels, timesMs } of series) {
      const arm = armOf(labels);
      if (arm !== undefined) newest[arm] = Math.max(newest[arm] ?? 0, timesMs.at(-1) ?? 0);
    }
    return { ...newest, ...(intervalMs === undefined ? {} : { intervalMs }) };
  }

  #read(channel: Channel, series: readonly QuerySeries[]) {
    const ambiguous = series.find(({ labels }) => this.#reading.isAmbiguous(labels));
    if (ambiguous !== undefined) {
      const { label } = this.#reading.queries.version;
      throw new FailedFetch('partial', `there are series that fit both versions by their label ${label}`);
    }
    const broken = series.find(({ showsNoNumbers }) => showsNoNumbers === true);
    if (broken !== undefined) {
      const metric = broken.labels['__name__'] ?? channel.selection.metrics[0] ?? '';
      const { instance } = broken.labels;
      const counter = instance === undefined ? metric : `${metric} of ${instance}`;
      throw new FailedFetch(
        'partial',
        `the server "${this.#server.name}" has a counter that shows no numbers (NaN), ${counter}: what it counted is not known`,
      );
    }
    return readSeries(channel, series, this.#reading.series);
  }

  /** Asks for all channels at once; what is the same query for several is asked once. */
  async #forChannels(
    channels: readonly Channel[],
    query: (channel: Channel) => Query,
    take: (channel: Channel, series: readonly QuerySeries[]) => void,
  ): Promise<void> {
    const { expressions } = this.#reading;
    const asked = new Map<string, Promise<readonly QuerySeries[]>>();
    await Promise.all(
      channels.map(async (channel) => {
        const key = expressions.keyOf(channel);
        const answer = asked.get(key) ?? this.#ask(query(channel));
        asked.set(key, answer);
        // Each while others are still under way.
        take(channel, await answer);
      }),
    );
  }

  #range(expression: string, { from, to }: MinuteSpan): RangeQuery {
    return {
      kind: 'range',
      expression,
      startMs: (from + 1) * minuteMs,
      endMs: to * minuteMs,
      stepMs: minuteMs,
    };
  }

  async #ask(query: Query): Promise<readonly QuerySeries[]> {
    const answer = await this.#server.query(query, this.#signal);
    if (answer.kind !== 'series') throw new FailedFetch(answer.kind, answer.reason);
    this.totals.queries++;
    this.totals.bytes += answer.bytes;
    if (answer.serverMs !== undefined) this.totals.serverMs = answer.serverMs;
    this.totals.slowestMs = Math.max(this.totals.slowestMs, answer.elapsedMs);
    return answer.series;
  }
}

function minutesOf(series: readonly QuerySeries[]): ReadonlySet<number> {
  return new Set(series.flatMap(({ timesMs }) => timesMs.map((timeMs) => timeMs / minuteMs - 1)));
}

/** The usual distance of samples: of the version whose targets are scraped less often. */
export function usualInterval(
  series: readonly QuerySeries[],
  armOf: (labels: QuerySeries['labels']) => string | undefined = () => undefined,
): number | undefined {
  const byArm = new Map<string | undefined, number[]>();
  for (const { labels, timesMs } of series) {
    const distance = lowerMedian(
      timesMs.slice(1).map((timeMs, index) => timeMs - (timesMs[index] ?? timeMs)),
    );
    if (distance === undefined) continue;
    const arm = armOf(labels);
    byArm.set(arm, [...(byArm.get(arm) ?? []), distance]);
  }
  const distances = [...byArm.values()].flatMap((some) => lowerMedian(some) ?? []);
  return distances.length === 0 ? undefined : Math.max(...distances);
}

/** Gaps make distances longer, and nothing makes them shorter. */
function lowerMedian(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
}
