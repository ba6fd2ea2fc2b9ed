import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.js';

const identified = z.object({
  metadata: z.object({ namespace: z.string().default(''), name: z.string() }),
});
const list = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});
const change = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

export interface WatchOptions<T> {
  readonly api: ApiClient;
  /** The list of all objects of a kind, e.g. `/api/v1/pods`. */
  readonly path: string;
  /** Reads of an object what is kept of it. */
  readonly read: (object: unknown) => T;
}

/** All objects of a kind as the API server tells of their changes: asking for one costs nothing. */
export class Watched<T> {
  readonly #options: WatchOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<(object: T) => void>();
  readonly #end = new AbortController();
  #failure: Error | undefined;

  private constructor(options: WatchOptions<T>) {
    this.#options = options;
  }

  /** Resolves once it knows the objects that there are. */
  static async start<T>(options: WatchOptions<T>): Promise<Watched<T>> {
    const watched = new Watched(options);
    const version = await watched.#list();
    void watched.#follow(version);
    return watched;
  }

  /** The object as it was last told. */
  now(namespace: string, name: string): T | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#objects.get(`${namespace}/${name}`);
  }

  /** The objects of a namespace. */
  in(namespace: string): readonly T[] {
    if (this.#failure !== undefined) throw this.#failure;
    return [...this.#objects].filter(([key]) => key.startsWith(`${namespace}/`)).map(([, object]) => object);
  }

  /** Tells of every object that there is, and of each that appears or changes; the answer ends that. */
  onChange(listener: (object: T) => void): () => void {
    this.#listeners.add(listener);
    for (const object of this.#objects.values()) listener(object);
    return () => this.#listeners.delete(listener);
  }

  /** The first object that is as wanted, of those that there are or come; absent where none is so in time. */
  async first(isIt: (object: T) => boolean, withinMs: number): Promise<T | undefined> {
    const ends: (() => void)[] = [];
    const found = await new Promise<T | undefined>((resolve) => {
      const limit = setTimeout(() => {
        resolve(undefined);
      }, withinMs);
      ends.push(() => {
        clearTimeout(limit);
      });
      ends.push(
        this.onChange((object) => {
          if (isIt(object)) resolve(object);
        }),
      );
    });
    for (const end of ends) end();
    return found;
  }

  stop(): void {
    this.#end.abort();
  }

  async #list(): Promise<string> {
    const { metadata, items } = list.parse(await this.#options.api.ask(this.#options.path));
    this.#objects.clear();
    for (const item of items) this.#take(item);
    return metadata.resourceVersion;
  }

  async #follow(from: string): Promise<void> {
    let version = from;
    for (;;) {
      try {
        await this.#readChanges(version);
        version = await this.#list();
      } catch (error) {
        if (this.#end.signal.aborted) return;
        // What is not understood stays so; a connection may come back.
        if (error instanceof z.ZodError) {
          this.#failure = error;
          return;
        }
        await pause(100);
      }
    }
  }

  /** Returns when the server ends the watch, which it does for too old a version too. */
  async #readChanges(version: string): Promise<void> {
    const { api, path } = this.#options;
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${version}`;
    for await (const line of api.lines(`${path}?${query}`, this.#end.signal)) {
      const { type, object } = change.parse(JSON.parse(line));
      if (type === 'ERROR') return;
      if (type === 'DELETED') this.#objects.delete(keyOf(object));
      else if (type !== 'BOOKMARK') this.#take(object);
    }
  }

  #take(object: unknown): void {
    const read = this.#options.read(object);
    this.#objects.set(keyOf(object), read);
    for (const listener of this.#listeners) listener(read);
  }
}

function keyOf(object: unknown): string {
  const { namespace, name } = identified.parse(object).metadata;
  return `${namespace}/${name}`;
}
