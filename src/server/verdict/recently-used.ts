/** Values by key, of which the most recently used ones are kept. */
export class RecentlyUsed<T> {
  readonly #limit: number;
  readonly #values = new Map<string, T>();

  /** @param limit how many are kept at most; 0 keeps none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.#touch(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#touch(key, value);
    if (this.#values.size <= this.#limit) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  #touch(key: string, value: T): void {
    this.#values.delete(key);
    this.#values.set(key, value);
  }
}
