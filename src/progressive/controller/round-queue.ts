import { WakeTimes } from './wake-times.js';

/** How rounds are made. */
export interface RoundQueueOptions {
  /** So many rounds at a time. */
  readonly concurrency: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** One round of one rollout; the answer is by when the next is due, undefined: when something happens. Never rejects. */
  readonly round: (key: string) => Promise<number | undefined>;
  readonly onDepth?: (waiting: number) => void;
  /** The clock is looked at so often while something is to come: it may be set, and a laptop may sleep. */
  readonly tickMs?: number;
}

const defaultTickMs = 1_000;

/**
 * Whose turn it is. Of each rollout one round is made at a time; whoever is woken meanwhile gets another one after it. One timer
 * serves all.
 */
export class RoundQueue {
  readonly #options: RoundQueueOptions;
  readonly #times = new WakeTimes();
  /** In the order in which they are taken. */
  readonly #due = new Set<string>();
  readonly #running = new Map<string, { isWokenAgain: boolean; isForgotten: boolean }>();
  #timer: NodeJS.Timeout | undefined;
  /** The latest time that the clock has shown since the last tick. */
  #seenMs = -Infinity;
  #isStopped = false;
  #onIdle: (() => void) | undefined;

  constructor(options: RoundQueueOptions) {
    this.#options = options;
  }

  /** As soon as there is a place. */
  wake(key: string): void {
    if (this.#isStopped) return;
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.isWokenAgain = true;
      return;
    }
    this.#times.delete(key);
    this.#due.add(key);
    this.#pump();
  }

  /** By then, or sooner if it is to be woken sooner anyway. */
  wakeBy(key: string, atMs: number): void {
    if (this.#isStopped || this.#due.has(key)) return;
    const planned = this.#times.timeOf(key);
    if (planned !== undefined && planned <= atMs) return;
    this.#times.set(key, atMs);
    this.#arm();
  }

  forget(key: string): void {
    this.#due.delete(key);
    this.#times.delete(key);
    const running = this.#running.get(key);
    if (running !== undefined) running.isForgotten = true;
  }

  /** No more rounds; resolves when those that are being made have ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#due.clear();
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #pump(): void {
    for (const key of this.#due) {
      if (this.#running.size >= this.#options.concurrency) break;
      this.#due.delete(key);
      void this.#run(key);
    }
    this.#options.onDepth?.(this.#due.size);
  }

  async #run(key: string): Promise<void> {
    const state = { isWokenAgain: false, isForgotten: false };
    this.#running.set(key, state);
    const nextMs = await this.#options.round(key);
    this.#running.delete(key);
    if (this.#isStopped) {
      if (this.#running.size === 0) this.#onIdle?.();
      return;
    }
    if (state.isWokenAgain) this.#due.add(key);
    else if (nextMs !== undefined && !state.isForgotten) this.wakeBy(key, nextMs);
    this.#pump();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const soonest = this.#times.soonestMs;
    if (this.#isStopped || soonest === undefined) return;
    const { tickMs = defaultTickMs, now } = this.#options;
    const nowMs = now();
    this.#seenMs = Math.max(this.#seenMs, nowMs);
    const waitMs = Math.max(0, Math.min(tickMs, soonest - nowMs));
    this.#timer = setTimeout(() => {
      this.#tick();
    }, waitMs);
  }

  #tick(): void {
    const nowMs = this.#options.now();
    // Where the clock was set back, what was planned by it would come as much later.
    const isSetBack = nowMs < this.#seenMs;
    this.#seenMs = nowMs;
    for (const key of this.#times.takeDue(isSetBack ? Infinity : nowMs)) this.wake(key);
    this.#arm();
  }
}
