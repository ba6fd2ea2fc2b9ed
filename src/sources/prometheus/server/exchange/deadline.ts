import { setMaxListeners } from 'node:events';

/** Who ended the wait. */
export type DeadlineEnd = 'caller' | 'timeout';

/** A time limit that ends with the caller's signal or after so many milliseconds, whichever comes first. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #endsMs: number;
  #end: DeadlineEnd | undefined;

  constructor(caller: AbortSignal, timeoutMs: number) {
    this.#caller = caller;
    this.#endsMs = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => {
      this.#finish('timeout');
    }, timeoutMs);
    // One verdict asks many queries at a time; Node.js would warn of a leak from the eleventh on.
    setMaxListeners(0, caller);
    caller.addEventListener('abort', this.#onAbort);
    if (caller.aborted) this.#finish('caller');
  }

  /** Aborted when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Absent while there is time. */
  get end(): DeadlineEnd | undefined {
    return this.#end;
  }

  get remainingMs(): number {
    return this.#end === undefined ? Math.max(0, this.#endsMs - performance.now()) : 0;
  }

  /** What a promise gives, or nothing if the time is up before. */
  async within<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this;
    let giveUp: (() => void) | undefined;
    const ended = new Promise<undefined>((resolve) => {
      giveUp = () => {
        resolve(undefined);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp);
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      if (giveUp !== undefined) signal.removeEventListener('abort', giveUp);
    }
  }

  /** Lets go of timer and caller; the deadline does not come any more. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#finish('caller');
  };

  #finish(end: DeadlineEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.dispose();
    this.#controller.abort();
  }
}
