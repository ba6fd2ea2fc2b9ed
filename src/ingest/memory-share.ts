import { VerdictError } from '../domain/errors.js';
import type { MemoryBudget } from './memory-budget.js';

/** What one body holds of the budget of all. */
export interface MemoryShare {
  /**
   * Says how much is held now. Throws a VerdictError where that is too much: `too-large` for what alone would be more
   * than the whole budget, `unavailable` while others hold the rest.
   */
  hold(bytes: number): void;
  /** Gives everything back. */
  release(): void;
}

/** A share of nothing so far; `onRefused` is told before it throws. */
export function shareOf(budget: MemoryBudget, onRefused: () => void = () => undefined): MemoryShare {
  let own = 0;
  return {
    hold: (bytes) => {
      const { limitBytes } = budget;
      if (bytes > limitBytes) {
        onRefused();
        throw new VerdictError(
          'too-large',
          `expected a body whose counts take at most ${limitBytes} bytes of memory (limits.ingestMemory); send it in several requests`,
        );
      }
      if (!budget.take(bytes - own)) {
        onRefused();
        throw new VerdictError(
          'unavailable',
          'the bodies that are being taken hold all the memory that there is for them (limits.ingestMemory); send it again',
        );
      }
      own = bytes;
    },
    release: () => {
      budget.giveBack(own);
      own = 0;
    },
  };
}

/** A share without a limit. */
export const unlimitedShare: MemoryShare = { hold: () => undefined, release: () => undefined };
