/** By which part of what is allowed a ledger that was swept has to grow before it is worth another sweep. */
const worthwhile = 0.02;

/**
 * Tells whether a ledger that is larger than it may be calls for a sweep before its time. The files of a database
 * server stay as large as they once were, so being large alone says nothing: growing does, or a limit that was changed.
 */
export class LedgerGrowth {
  readonly #maxSizeBytes: () => number;
  #swept: { readonly size: number; readonly maxSize: number; readonly wasFull: boolean } | undefined;

  constructor(maxSizeBytes: () => number) {
    this.#maxSizeBytes = maxSizeBytes;
  }

  /** Notes how large the ledger is after a sweep, and whether what is left was still too much. */
  swept(size: number | undefined, wasFull: boolean): void {
    this.#swept = { size: size ?? 0, maxSize: this.#maxSizeBytes(), wasFull };
  }

  /** Whether the ledger, with this size, is to be swept now. A full one is, since it takes nothing in meanwhile. */
  calls(size: number | undefined): boolean {
    const maxSize = this.#maxSizeBytes();
    const last = this.#swept;
    if (last?.wasFull === true) return true;
    if (size === undefined || size <= maxSize) return false;
    return last?.maxSize !== maxSize || size - last.size >= worthwhile * maxSize;
  }
}
