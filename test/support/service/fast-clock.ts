const RealDate = Date;

/** How much faster than real time, from which moment on. */
export interface FastTime {
  readonly factor: number;
  /** When fast and real time are the same, in real milliseconds since the epoch. */
  readonly fromMs: number;
}

/**
 * A clock that runs several times as fast as the real one. All that use the same two numbers agree on the time,
 * however often they are started anew. Timers are not touched: what waits for a second waits for a real one.
 */
export class FastClock {
  readonly factor: number;
  readonly fromMs: number;

  constructor({ factor, fromMs }: FastTime) {
    this.factor = factor;
    this.fromMs = fromMs;
  }

  nowMs(): number {
    return Math.floor(this.fromMs + (RealDate.now() - this.fromMs) * this.factor);
  }

  /** How long a fast time takes in reality. */
  realMs(fastMs: number): number {
    return fastMs / this.factor;
  }

  /** This module as a program has to preload it, after `tsx`, to have this clock. */
  get preloaded(): string {
    return `./test/support/service/fast-clock.ts?factor=${this.factor}&from=${this.fromMs}`;
  }
}

/** Gives the whole process this clock. Dates that were made by Node itself, such as those of files, stay dates. */
function runBy(clock: FastClock): void {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [clock.nowMs()] : given, newTarget) as object,
    get: (target, name, receiver): unknown =>
      name === 'now' ? () => clock.nowMs() : Reflect.get(target, name, receiver),
  });
}

const { searchParams: given } = new URL(import.meta.url);
if (given.has('factor')) {
  runBy(new FastClock({ factor: Number(given.get('factor')), fromMs: Number(given.get('from')) }));
}
