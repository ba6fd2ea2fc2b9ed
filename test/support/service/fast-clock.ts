import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promised from 'node:timers/promises';
import { promisify } from 'node:util';

const RealDate = Date;

/** How much faster than real time, from which moment on. */
export interface FastTime {
  readonly factor: number;
  /** When fast and real time are the same, in real milliseconds since the epoch. */
  readonly fromMs: number;
}

/**
 * A clock that runs several times as fast as the real one. All that use the same two numbers agree on the time,
 * however often they are started anew. Timers are not touched unless a program asks for it: what waits for a second waits
 * for a real one.
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

  /** The same for a program that does things when their time has come: its timers run as fast as its clock. */
  get preloadedWithTimers(): string {
    return `${this.preloaded}&timers=fast`;
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

/**
 * Timers of the whole process last as long by this clock as was asked for, and so does what it measures. What Node itself
 * waits for stays as it is.
 */
function timersBy(clock: FastClock): void {
  const faster =
    (index: number) =>
    (target: object, self: unknown, given: unknown[]): unknown => {
      const delay = given[index];
      const shortened = typeof delay === 'number' ? given.with(index, clock.realMs(delay)) : given;
      return Reflect.apply(target as () => unknown, self, shortened);
    };
  const { setTimeout, setInterval } = globalThis;
  const pause = new Proxy(promised.setTimeout, { apply: faster(0) });
  const changed = {
    setTimeout: new Proxy(setTimeout, {
      apply: faster(1),
      get: (target, name, receiver): unknown =>
        name === promisify.custom ? pause : Reflect.get(target, name, receiver),
    }),
    setInterval: new Proxy(setInterval, { apply: faster(1) }),
  };
  Object.assign(globalThis, changed);
  Object.assign(timers, changed);
  Object.assign(promised, {
    setTimeout: pause,
    setInterval: new Proxy(promised.setInterval, { apply: faster(0) }),
  });
  const { performance } = globalThis;
  const sinceStart = performance.now.bind(performance);
  Object.assign(performance, { now: () => sinceStart() * clock.factor });
  // Who imports a function by its name gets the new one too.
  syncBuiltinESMExports();
}

const { searchParams: given } = new URL(import.meta.url);
if (given.has('factor')) {
  const clock = new FastClock({ factor: Number(given.get('factor')), fromMs: Number(given.get('from')) });
  runBy(clock);
  if (given.get('timers') === 'fast') timersBy(clock);
}
