/**
 * Remembers keys for a time: for `windowMs` at least and twice that at most, while there are at most `limit` of them in
 * a window; beyond that the oldest are forgotten earlier. The memory is bounded by two times `limit` keys.
 */
export class RecentKeys {
  readonly #windowMs: number;
  readonly #limit: number;
  #newer = new Set<string>();
  #older = new Set<string>();
  #turnedMs = -Infinity;

  constructor(windowMs: number, limit: number) {
    this.#windowMs = windowMs;
    this.#limit = limit;
  }

  has(key: string): boolean {
    return this.#newer.has(key) || this.#older.has(key);
  }

  /** Remembers a key; false where it is remembered already. */
  add(key: string, nowMs: number): boolean {
    const age = nowMs - this.#turnedMs;
    // A clock that was set back must not keep keys for ever.
    if (age >= this.#windowMs || age < 0 || this.#newer.size >= this.#limit) {
      this.#older = age >= 2 * this.#windowMs ? new Set() : this.#newer;
      this.#newer = new Set();
      this.#turnedMs = nowMs;
    }
    if (this.has(key)) return false;
    this.#newer.add(key);
    return true;
  }

  delete(key: string): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }
}
