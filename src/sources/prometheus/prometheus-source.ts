import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { formatInstant, formatSeconds } from '../../domain/units.js';
import { judgedSpan, type MinuteSpan } from '../looks/judged-span.js';
import { minuteMs } from '../looks/minutes.js';
import type { ObservationAnswer, ObservationQuery, ObservationSource } from '../observation-source.js';
import { CanaryStore } from './canary-store.js';
import { FailedFetch } from './fetch/failed-fetch.js';
import { countFirst, countMore, type KeptLooks } from './fetch/kept-looks.js';
import { LookFetcher } from './fetch/look-fetcher.js';
import { modelReading, type ModelReading } from './fetch/model-reading.js';
import { observationsOf } from './looks/observations-of.js';
import type { QueryServer } from './server/query.js';
import type { ModelQueries } from './signals/signal.js';
import { describeProblems, type PrometheusSourceParts } from './source-settings.js';

/** A look is over once so many scrapes could have shown its last requests. */
const scrapesToSettle = 2;

/** Without a scrape of either version for so much longer than a look waits for its last ones, nothing can be seen. */
const blindAfterMs = 2 * minuteMs;

/** Clocks differ, but not by more. */
const longestAheadMs = 5 * minuteMs;

/** For so many models the distance of scrapes is remembered; it is measured again with the next first fetch. */
const mostIntervals = 1000;

/** Looks are kept for so much longer than they are needed now: for questions about a little while ago. */
const keptLongerMinutes = 60;

/** So far back other versions are looked for, where the one asked for is not there. */
const suggestionSpanMs = 60 * minuteMs;

/**
 * Observations from a server that speaks the Prometheus query API: the counters of both versions as they were scraped,
 * differenced look by look. It keeps the looks of the canaries that were asked for last, and can do without: whatever is
 * lost is fetched again.
 */
export class PrometheusSource implements ObservationSource {
  readonly name = 'prometheus';
  readonly isRemote = true;
  readonly #parts: PrometheusSourceParts;
  readonly #canaries = new CanaryStore();
  /** The distance of scrapes as it was measured, milliseconds, by what is read. */
  readonly #intervals = new Map<string, number>();

  constructor(parts: PrometheusSourceParts) {
    this.#parts = parts;
  }

  newestLook({ namespace, model, asOfMs }: ObservationQuery): number {
    const queries = this.#parts.queriesOf(namespace, model);
    const settleMs = queries.ok ? this.#settleMs(queries.value) : this.#parts.rules.settleMs;
    return Math.floor((asOfMs - settleMs) / minuteMs);
  }

  changeMarker(namespace: string, model: string): Promise<string> {
    return this.#parts.changeMarker(namespace, model);
  }

  async observe(query: ObservationQuery, signal?: AbortSignal): Promise<ObservationAnswer> {
    if (signal?.aborted === true) return { kind: 'unavailable', reason: 'the request was cancelled' };
    const queries = this.#parts.queriesOf(query.namespace, query.model);
    if (!queries.ok) return { kind: 'unavailable', reason: describeProblems(queries.errors) };
    const versions = {
      canary: query.canary,
      ...(query.stable === undefined ? {} : { stable: query.stable }),
    };
    const reading = modelReading(queries.value, versions);
    if (!reading.ok) return { kind: 'unavailable', reason: describeProblems(reading.errors) };
    const server = this.#parts.server(queries.value.server);
    if (server === undefined) {
      return { kind: 'unavailable', reason: `the config has no server "${queries.value.server}"` };
    }
    try {
      return await endedBy(this.#observe(query, reading.value, server), signal);
    } catch (error) {
      if (error instanceof FailedFetch) return { kind: error.kind, reason: error.message };
      throw error;
    }
  }

  async #observe(
    query: ObservationQuery,
    reading: ModelReading,
    server: QueryServer,
  ): Promise<ObservationAnswer> {
    const { rules } = this.#parts;
    const span = judgedSpan(query, { ...rules, settleMs: this.#settleMs(reading.queries) });
    const searched = { from: span.to - Math.floor(rules.lookbackMs / minuteMs), to: span.to };
    const kept = await this.#keptLooks(query, reading, server, searched);
    if (query.isNow === true && kept !== undefined) {
      this.#refuseBlindness(query, reading, kept);
      refuseClock(query.asOfMs, kept.span.to * minuteMs, 'looks were counted up to');
    }
    if (kept === undefined) return this.#unknown(query, reading, server, span.to);
    // The scrapes may be further apart than the config says: then the newest looks are not over yet.
    const settled = judgedSpan(query, { ...rules, settleMs: this.#settleMs(reading.queries) });
    const rollbacks = await this.#parts.rollbacks({
      namespace: query.namespace,
      model: query.model,
      canary: query.canary,
      fromMs: settled.from * minuteMs,
      toMs: settled.to * minuteMs,
    });
    return observationsOf(query, reading, kept, {
      span: settled,
      rollbacks,
      rules,
      settleMs: this.#settleMs(reading.queries),
      server: server.name,
    });
  }

  async #keptLooks(
    query: ObservationQuery,
    reading: ModelReading,
    server: QueryServer,
    searched: MinuteSpan,
  ): Promise<KeptLooks | undefined> {
    const key = keyOf(reading);
    const searchedFrom = searched.from - keptLongerMinutes;
    const fetch = async (known: KeptLooks | undefined): Promise<KeptLooks | undefined> => {
      const fetcher = new LookFetcher(server, reading, this.#fetchSignal());
      const looks =
        known === undefined
          ? await countFirst(fetcher, reading, searched, query.asOfMs)
          : await countMore(fetcher, reading, known, { to: searched.to, searchedFrom, atMs: query.asOfMs });
      const { serverMs } = fetcher.totals;
      if (query.isNow === true && serverMs !== undefined) {
        refuseClock((this.#parts.now ?? Date.now)(), serverMs, `the server "${server.name}" says`);
      }
      return looks;
    };
    // A question about the past is answered from what is kept, or by itself: it is not to be in the way of the present.
    const kept =
      query.isNow === true
        ? await this.#canaries.upTo(
            key,
            { toMinute: searched.to, againAfterMs: this.#scrapeIntervalMs(reading.queries) / 2 },
            fetch,
          )
        : (this.#canaries.kept(key, searched) ??
          (await this.#canaries.once(`${key} ${searched.from} ${searched.to}`, () => fetch(undefined))));
    const intervalMs = kept?.newest.intervalMs;
    if (intervalMs !== undefined) {
      if (this.#intervals.size >= mostIntervals) this.#intervals.clear();
      this.#intervals.set(keyOfQueries(reading.queries), intervalMs);
    }
    return kept;
  }

  /** Holds where neither version was scraped lately: nobody would see a canary fail. */
  #refuseBlindness({ asOfMs }: ObservationQuery, { queries }: ModelReading, { newest }: KeptLooks): void {
    const newestMs = Math.max(newest.canary ?? -Infinity, newest.stable ?? -Infinity);
    if (newestMs >= asOfMs - this.#settleMs(queries) - blindAfterMs) return;
    const since = newestMs === -Infinity ? 'for some minutes' : `since ${formatInstant(newestMs)}`;
    throw new FailedFetch(
      'partial',
      `no requests of either version were scraped ${since}: look at the targets of the server, and at what its clock and ours say`,
    );
  }

  #fetchSignal(): AbortSignal {
    const signal = AbortSignal.timeout(this.#parts.fetchTimeoutMs);
    // All queries of a fetch listen to it.
    setMaxListeners(0, signal);
    return signal;
  }

  /** How long after its end a look of a model counts. */
  #settleMs(queries: ModelQueries): number {
    return Math.max(this.#parts.rules.settleMs, scrapesToSettle * this.#scrapeIntervalMs(queries));
  }

  /** As the config says or as it was measured, whichever is longer. */
  #scrapeIntervalMs(queries: ModelQueries): number {
    return Math.max(queries.scrapeIntervalMs, this.#intervals.get(keyOfQueries(queries)) ?? 0);
  }

  async #unknown(
    query: ObservationQuery,
    reading: ModelReading,
    server: QueryServer,
    toMinute: number,
  ): Promise<ObservationAnswer> {
    const fetcher = new LookFetcher(server, reading, this.#fetchSignal());
    const known = await fetcher.versions(toMinute * minuteMs, suggestionSpanMs);
    if (known.length > 0) return { kind: 'unknown-version', version: query.canary, known };
    return {
      kind: 'partial',
      reason: `the server "${server.name}" has no requests of model ${query.model} in the last ${formatSeconds(suggestionSpanMs / 1000)}: no series of ${reading.queries.signals.requests.plus.metrics.join(', ')} that the selectors of the model fit; ml-verdict check-config --online says more`,
    };
  }
}

/**
 * Refuses to judge where the clock lies behind what is known to be later: what it takes for now is long past, and the
 * newest minutes, in which a canary may have failed, would be left out.
 */
function refuseClock(nowMs: number, laterMs: number, whoSays: string): void {
  if (laterMs - nowMs <= longestAheadMs) return;
  throw new FailedFetch(
    'partial',
    `the clock of the service says ${formatInstant(nowMs)}, and ${whoSays} ${formatInstant(laterMs)}: set the clock right`,
  );
}

/** Canaries that are read in the same way share their looks. */
function keyOf({ queries, versions }: ModelReading): string {
  return createHash('sha256')
    .update(JSON.stringify([queries, versions]))
    .digest('base64url');
}

function keyOfQueries({ server, signals }: ModelQueries): string {
  return JSON.stringify([server, signals.requests]);
}

/** A result, or a failure once the signal ends: what others wait for as well goes on. */
async function endedBy<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise<T>((resolve, reject) => {
    const end = (): void => {
      reject(new FailedFetch('unavailable', 'the request ended before the server had answered'));
    };
    signal.addEventListener('abort', end, { once: true });
    result.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', end);
    });
  });
}
