import type { PrometheusServer, QuerySeries } from '../../sources/index.js';
import { minuteMs } from '../../sources/index.js';

/** A question that was not answered. */
export class AskFailure extends Error {}

/** Counters are looked at over so long, and over at least so many scrapes. */
const shortestSpanMs = 5 * minuteMs;
const scrapesOfSpan = 5;

/** So far back it is looked whether there ever was something. */
const dayMs = 24 * 60 * minuteMs;

/** Asks a server what it has now. Every failure is an {@link AskFailure}. */
export class Asking {
  readonly nowMs: number;
  /** How far back a question looks, milliseconds. */
  readonly spanMs: number;
  readonly #server: PrometheusServer;
  readonly #signal: AbortSignal;

  constructor(
    server: PrometheusServer,
    signal: AbortSignal,
    { nowMs, scrapeIntervalMs }: { readonly nowMs: number; readonly scrapeIntervalMs: number },
  ) {
    this.#server = server;
    this.#signal = signal;
    this.nowMs = nowMs;
    this.spanMs = Math.max(shortestSpanMs, scrapesOfSpan * scrapeIntervalMs);
  }

  /** The samples of some series as they were scraped. */
  samples(selector: string): Promise<readonly QuerySeries[]> {
    return this.instant(`${selector}[${this.#spanText}]`);
  }

  /** The last sample of some series. */
  last(selector: string): Promise<readonly QuerySeries[]> {
    return this.instant(this.lastOf(selector));
  }

  /** The expression for the last sample of some series. */
  lastOf(selector: string): string {
    return `last_over_time(${selector}[${this.#spanText}])`;
  }

  /** Whether there are such series now. */
  async has(selector: string): Promise<boolean> {
    return (await this.instant(`count(${this.lastOf(selector)})`)).length > 0;
  }

  async instant(expression: string): Promise<readonly QuerySeries[]> {
    const answer = await this.#server.query({ kind: 'instant', expression, atMs: this.nowMs }, this.#signal);
    if (answer.kind !== 'series') throw new AskFailure(answer.reason);
    return answer.series;
  }

  /** Whether there were such series in the last day. */
  async hadInLastDay(selector: string): Promise<boolean> {
    const lookup = { selectors: [selector], startMs: this.nowMs - dayMs, endMs: this.nowMs, limit: 1 };
    const answer = await this.#server.seriesOf(lookup, this.#signal);
    if (answer.kind !== 'labels') throw new AskFailure(answer.reason);
    return answer.series.length > 0;
  }

  get #spanText(): string {
    return `${Math.ceil(this.spanMs / 1000)}s`;
  }
}
