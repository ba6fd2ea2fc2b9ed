import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs pieces of work, a few at a time, each in a turn of the event loop of its own: a piece takes milliseconds of the
 * thread that also answers probes and takes events. Those who ask take turns, so that nobody waits behind all that
 * another one has asked.
 */
export class FairQueue {
  readonly #atATime: number;
  #running = 0;
  /** By who asked, in the order in which they are next. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(atATime: number) {
    this.#atATime = atATime;
  }

  /** The result of the work. Rejects with the reason of the signal, and does nothing, where that came first. */
  async run<T>(asker: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#place(asker);
    try {
      await nextTurn();
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #place(asker: string): Promise<void> {
    return new Promise((resolve) => {
      const line = this.#waiting.get(asker) ?? [];
      line.push(resolve);
      this.#waiting.set(asker, line);
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#atATime) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [asker, line] = first;
      const start = line.shift();
      // To the end of the round, or out of it.
      this.#waiting.delete(asker);
      if (line.length > 0) this.#waiting.set(asker, line);
      if (start === undefined) continue;
      this.#running++;
      start();
    }
  }
}
