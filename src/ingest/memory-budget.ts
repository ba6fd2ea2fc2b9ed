/** The memory that a number of things may hold together. It counts what is told to it, an estimate. */
export class MemoryBudget {
  /** Bytes that may be held; a lower limit takes nothing from who holds more. */
  limitBytes: number;
  #held = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /** Takes some bytes, to be given back; false where there are not so many left. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.limitBytes) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
