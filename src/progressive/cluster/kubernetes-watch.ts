import { setTimeout as pause } from 'node:timers/promises';
import { rolloutBackOffMs } from '../driver/rollout-back-off.js';
import type { ApiConnection } from './api-connection.js';
import { apiFailure } from './api-failure.js';
import type { ApiAnswer } from './cluster-api.js';
import type { ClusterWatch, Watched, WatchEvent } from './cluster-watch.js';
import type { KubernetesObject } from './kubernetes-object.js';
import { kindPath } from './object-path.js';
import { isRecord, readPage } from './read-object.js';
import { readWatch, type WatchEnd } from './read-watch.js';

/** How a watch is kept up. */
export interface WatchOptions {
  readonly now: () => number;
  /** Between 0 and 1, by chance: so that many do not come back at the same instant. */
  readonly chance?: () => number;
  /** So long one request lasts, plus up to half of it; then another follows from where it ended. */
  readonly requestSeconds?: number;
  /** A watch that says nothing for so long, not even a bookmark, is taken for dead; absent: 90 seconds. */
  readonly quietMs?: number;
  /** For tests; absent: real time. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const deadlineMs = 10_000;
const pageSize = 500;
/** Bookmarks come once a minute. */
const defaultQuietMs = 90_000;
/** One that ends sooner, having told nothing, is no good end. */
const shortestMs = 1_000;
/** An API server that ends a watch later than it was asked to is taken for dead. */
const lateMs = 15_000;

const whole = 'application/json';
const metadataOnly = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
};

/**
 * Lists, then watches from there on, with bookmarks, so that a request that ends is taken up where it stood; lists anew
 * where that is too long ago. Fails never: what cannot be had is tried again, later and later.
 */
export class KubernetesWatch implements ClusterWatch {
  readonly #connection: ApiConnection;
  readonly #options: WatchOptions;

  constructor(connection: ApiConnection, options: WatchOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async follow(watched: Watched, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void> {
    const health = new Health(onEvent, this.#options.now);
    let from: string | undefined;
    let hasExpired = false;
    for (let failures = 0; !signal.aborted;) {
      let end: WatchEnd | Failed;
      const startMs = this.#options.now();
      if (from === undefined) {
        const listed = await this.#list(watched, signal);
        if (isOver(signal)) return;
        if (listed.kind === 'ok') {
          // A list after which the watch has expired again and again is no sign that it works.
          if (!hasExpired) failures = 0;
          health.isBack();
          from = listed.value.resourceVersion;
          onEvent({ kind: 'listed', objects: listed.value.items });
          continue;
        }
        end = failedBy(listed);
      } else {
        end = await this.#watch(watched, from, onEvent, health, signal);
      }
      if (isOver(signal)) return;
      if ('resourceVersion' in end) from = end.resourceVersion;
      const lastedMs = this.#options.now() - startMs;
      if ('isEmpty' in end && (!end.isEmpty || lastedMs >= shortestMs)) {
        // It worked: the next failure is the first again.
        failures = 0;
        hasExpired = false;
        if (end.kind === 'ended') continue;
      }
      if (end.kind === 'ended') end = failed('the watch ended at once');
      if (end.kind === 'expired') {
        from = undefined;
        const isFirst = !hasExpired;
        hasExpired = true;
        if (isFirst) continue;
        end = failed('the watch has expired again');
      }
      failures += 1;
      health.isAway(end);
      const share = this.#options.chance?.() ?? Math.random();
      const waitMs = Math.max(rolloutBackOffMs(failures, share), end.retryAfterMs ?? 0);
      await (this.#options.wait ?? waitFor)(waitMs, signal);
    }
  }

  async #list(
    watched: Watched,
    signal: AbortSignal,
  ): Promise<ApiAnswer<{ readonly items: readonly KubernetesObject[]; readonly resourceVersion: string }>> {
    const items: KubernetesObject[] = [];
    for (let continueFrom: string | undefined; ;) {
      const response = await this.#connection.send({
        method: 'GET',
        path: kindPath(watched, watched.namespace),
        query: { limit: String(pageSize), continue: continueFrom },
        accept: watched.isMetadataOnly === true ? metadataOnly.list : whole,
        deadlineMs,
        signal,
      });
      const isGood = response.kind === 'answer' && response.head.statusCode === 200;
      if (!isGood) return apiFailure(response);
      const page = readPage(parse(response.text));
      if (page === undefined) return { kind: 'unavailable', reason: 'the API server answered with no list' };
      items.push(...page.items);
      ({ continueFrom } = page);
      if (continueFrom === undefined) {
        return { kind: 'ok', value: { items, resourceVersion: page.resourceVersion } };
      }
    }
  }

  async #watch(
    watched: Watched,
    from: string,
    onEvent: (event: WatchEvent) => void,
    health: Health,
    signal: AbortSignal,
  ): Promise<WatchEnd | Failed> {
    const base = this.#options.requestSeconds ?? 240;
    const seconds = Math.ceil(base * (1 + (this.#options.chance?.() ?? Math.random()) / 2));
    const opened = await this.#connection.open({
      method: 'GET',
      path: kindPath(watched, watched.namespace),
      query: {
        watch: 'true',
        resourceVersion: from,
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(seconds),
      },
      accept: watched.isMetadataOnly === true ? metadataOnly.watch : whole,
      deadlineMs,
      signal,
    });
    if (opened.kind !== 'stream') {
      const isExpired = opened.kind === 'answer' && opened.head.statusCode === 410;
      return isExpired ? { kind: 'expired' } : failedBy(apiFailure(opened));
    }
    health.isBack();
    const late = setTimeout(opened.close, seconds * 1000 + lateMs);
    const seen = { isQuiet: false };
    const quiet = setTimeout(() => {
      seen.isQuiet = true;
      opened.close();
    }, this.#options.quietMs ?? defaultQuietMs);
    try {
      const end = await readWatch(opened.head, from, onEvent, () => {
        quiet.refresh();
      });
      if (!seen.isQuiet || end.kind !== 'failed') return end;
      return { kind: 'ended', resourceVersion: end.resourceVersion, isEmpty: false };
    } finally {
      clearTimeout(late);
      clearTimeout(quiet);
      opened.close();
    }
  }
}

interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly isMissing: boolean;
  readonly retryAfterMs?: number | undefined;
}

function failed(reason: string): Failed {
  return { kind: 'failed', reason, isMissing: false };
}

function failedBy(answer: Exclude<ApiAnswer<unknown>, { kind: 'ok' }>): Failed {
  const retryAfterMs = answer.kind === 'unavailable' ? answer.retryAfterMs : undefined;
  return { kind: 'failed', reason: answer.reason, isMissing: answer.kind === 'not-found', retryAfterMs };
}

/** Says once that it is away no more, and since when it is. */
class Health {
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #now: () => number;
  #awaySinceMs: number | undefined;

  constructor(onEvent: (event: WatchEvent) => void, now: () => number) {
    this.#onEvent = onEvent;
    this.#now = now;
  }

  isAway({ reason, isMissing }: { readonly reason: string; readonly isMissing: boolean }): void {
    this.#awaySinceMs ??= this.#now();
    this.#onEvent({ kind: 'away', sinceMs: this.#awaySinceMs, reason, isMissing });
  }

  isBack(): void {
    if (this.#awaySinceMs === undefined) return;
    this.#awaySinceMs = undefined;
    this.#onEvent({ kind: 'back' });
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
