/** So many alerts that everybody has are remembered, so that one that is offered again is not sent again. */
const longestMemory = 10_000;

/** Which alerts still have to reach somebody, and which have reached everybody. */
export class Settlements {
  readonly #open = new Map<string, number>();
  readonly #settled = new Set<string>();

  stateOf(id: string): 'unknown' | 'open' | 'settled' {
    if (this.#open.has(id)) return 'open';
    return this.#settled.has(id) ? 'settled' : 'unknown';
  }

  /** One that has to reach so many. */
  open(id: string, receivers: number): void {
    this.#open.set(id, receivers);
  }

  /** One of them needs no more. Answers whether it was the last. */
  close(id: string): boolean {
    const left = (this.#open.get(id) ?? 1) - 1;
    if (left > 0) {
      this.#open.set(id, left);
      return false;
    }
    this.#open.delete(id);
    this.#settled.add(id);
    const [oldest] = this.#settled;
    if (this.#settled.size > longestMemory && oldest !== undefined) this.#settled.delete(oldest);
    return true;
  }
}
