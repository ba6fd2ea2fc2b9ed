import { defaultKeySetTimes, KeySet, type KeySetTimes } from './key-set.js';

/** The key sets that are fetched, by address. They outlive a config: reloading it forgets no key that is known. */
export class KeySets {
  readonly #sets = new Map<string, KeySet>();
  readonly #elapsedMs: () => number;
  readonly #times: KeySetTimes;

  constructor(elapsedMs: () => number = () => performance.now(), times: KeySetTimes = defaultKeySetTimes) {
    this.#elapsedMs = elapsedMs;
    this.#times = times;
  }

  at(uri: string): KeySet {
    const known = this.#sets.get(uri);
    if (known !== undefined) return known;
    const made = new KeySet(uri, this.#elapsedMs, this.#times);
    this.#sets.set(uri, made);
    return made;
  }

  /** Forgets those that a config does not name any more. */
  keepOnly(uris: ReadonlySet<string>): void {
    for (const uri of this.#sets.keys()) if (!uris.has(uri)) this.#sets.delete(uri);
  }
}
