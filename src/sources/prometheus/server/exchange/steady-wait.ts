import type { IBackoff } from 'cockatiel';

/**
 * A wait of so many milliseconds by a clock that never goes back: the breaker's own one would keep a server shut out for an
 * hour after the clock of the machine was set back by one.
 */
export class SteadyWait implements IBackoff<unknown> {
  readonly #waitMs: number;
  readonly #startMs = performance.now();

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** Compared with the time that has passed by the other clock: more than any while the wait lasts, less than any after it. */
  get duration(): number {
    return performance.now() - this.#startMs < this.#waitMs ? Infinity : -Infinity;
  }

  next(): SteadyWait {
    return new SteadyWait(this.#waitMs);
  }
}
