import { VerdictError } from '../domain/errors.js';

/** What one body holds of the budget. */
export interface MemoryShare {
  /**
   * Says how much is held now. Throws a VerdictError where that is too much: `too-large` for what alone would be more
   * than the whole budget, `unavailable` while others hold the rest.
   */
  hold(bytes: number): void;
  /** Gives everything back. */
  release(): void;
}

/** The memory that all the bodies being taken may hold together. It counts what is told to it, an estimate. */
export class MemoryBudget {
  #held = 0;

  /** Bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /** A share of nothing so far, within a limit in bytes; `onRefused` is told before it throws. */
  share(limitBytes: number, onRefused: () => void = () => undefined): MemoryShare {
    let own = 0;
    return {
      hold: (bytes) => {
        if (bytes > limitBytes) {
          onRefused();
          throw new VerdictError(
            'too-large',
            `expected a body whose counts take at most ${limitBytes} bytes of memory (limits.ingestMemory); send it in several requests`,
          );
        }
        if (this.#held - own + bytes > limitBytes) {
          onRefused();
          throw new VerdictError(
            'unavailable',
            'the bodies that are being taken hold all the memory that there is for them (limits.ingestMemory); send it again',
          );
        }
        this.#held += bytes - own;
        own = bytes;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }
}

/** A share without a limit. */
export const unlimitedShare: MemoryShare = { hold: () => undefined, release: () => undefined };
