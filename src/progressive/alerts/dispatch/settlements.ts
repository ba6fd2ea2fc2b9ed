/** So many alerts are remembered that need nothing more at present, so that what somebody has is not sent there again. */
const longestMemory = 10_000;

interface OpenAlert {
  /** Names of the receivers where it waits. */
  readonly waiting: Set<string>;
  /** Those where there was no room for it: it is theirs as soon as it is offered again. */
  readonly missing: Set<string>;
}

/** Which alerts still have to reach somebody, and which have reached everybody. */
export class Settlements {
  readonly #open = new Map<string, OpenAlert>();
  readonly #settled = new Set<string>();

  isSettled(id: string): boolean {
    return this.#settled.has(id);
  }

  /** One that is offered to these. Answers who is to get it now: the others have it, or it waits there. */
  open(id: string, receivers: readonly string[]): readonly string[] {
    const known = this.#open.get(id);
    const wanting = known === undefined ? receivers : receivers.filter((name) => known.missing.has(name));
    const waiting = new Set([...(known?.waiting ?? []), ...wanting]);
    this.#open.set(id, { waiting, missing: new Set() });
    return wanting;
  }

  /** Needs nothing more at one of them. Answers whether that was the last. */
  close(id: string, receiver: string): boolean {
    const known = this.#open.get(id);
    if (known === undefined) return false;
    known.waiting.delete(receiver);
    if (known.waiting.size + known.missing.size > 0) return false;
    this.#open.delete(id);
    this.#settled.add(id);
    const [oldest] = this.#settled;
    if (this.#settled.size > longestMemory && oldest !== undefined) this.#settled.delete(oldest);
    return true;
  }

  /** One of them had no room for it: it is not settled before it was offered again. */
  miss(id: string, receiver: string): void {
    const known = this.#open.get(id);
    known?.waiting.delete(receiver);
    known?.missing.add(receiver);
    this.#forgetUnoffered();
  }

  /** What waits nowhere and is not offered again either, its rollout being gone, is forgotten in the end. */
  #forgetUnoffered(): void {
    if (this.#open.size <= longestMemory) return;
    for (const [id, { waiting }] of this.#open) {
      if (waiting.size > 0) continue;
      this.#open.delete(id);
      return;
    }
  }
}
