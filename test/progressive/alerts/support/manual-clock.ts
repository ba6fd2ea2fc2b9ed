import type { Timer } from '../../../../src/progressive/alerts/dispatch/timer.js';
import { atMs } from './alert-messages.js';

interface Waiting {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so. */
export class ManualClock {
  nowMs = atMs;
  /** No setting of the clock moves it. */
  #elapsedMs = 0;
  readonly #waiting = new Set<Waiting>();

  readonly now = (): number => this.nowMs;

  readonly timer: Timer = (delayMs, run) => {
    const entry: Waiting = { atMs: this.#elapsedMs + delayMs, run };
    this.#waiting.add(entry);
    return () => {
      this.#waiting.delete(entry);
    };
  };

  /** Lets so many milliseconds pass, and everything happen that is due meanwhile. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await settled();
    for (let next = this.#first(); next !== undefined && next.atMs <= endMs; next = this.#first()) {
      this.#moveTo(next.atMs);
      this.#waiting.delete(next);
      next.run();
      await settled();
    }
    this.#moveTo(endMs);
  }

  #moveTo(elapsedMs: number): void {
    const byMs = Math.max(0, elapsedMs - this.#elapsedMs);
    this.#elapsedMs += byMs;
    this.nowMs += byMs;
  }

  #first(): Waiting | undefined {
    return [...this.#waiting].sort((one, other) => one.atMs - other.atMs)[0];
  }
}

/** Lets promises that are kept already have their consequences. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
