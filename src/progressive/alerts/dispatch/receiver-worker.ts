import type { AlertMessage } from '../alert-message.js';
import type { AlertReceiver, Delivery } from '../alert-receiver.js';
import type { AlertDelivery, AlertObserver } from './alert-observer.js';
import { AlertQueue } from './alert-queue.js';
import { backOffMs } from './back-off.js';
import type { Timer } from './timer.js';
import type { WaitingAlert } from './waiting-alert.js';

/** What a worker is made with. */
export interface WorkerParts {
  readonly now: () => number;
  readonly timer: Timer;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly observer: AlertObserver;
  readonly limits: DeliveryLimits;
  /** Is told when an alert needs nothing more of this receiver. */
  readonly onDone: (id: string, message: AlertMessage) => void;
  /** Is told when there was no room for an alert: it is as if it had not been offered. */
  readonly onDropped: (id: string) => void;
}

export interface DeliveryLimits {
  /** So many alerts wait for a receiver. */
  readonly longestQueue: number;
  /** An alert that could not be delivered for so long is given up. */
  readonly giveUpMs: number;
  /** Longer than a receiver's own time limit: for one that does not keep it. */
  readonly deliveryMs: number;
}

/** The longest pause that a receiver may ask for. */
const longestAskedPauseMs = 15 * 60_000;

/** So many drops are remembered. */
const longestTold = 10_000;

/** Delivers to one receiver, one alert at a time, however long others take. */
export class ReceiverWorker {
  readonly receiver: AlertReceiver;
  readonly #parts: WorkerParts;
  readonly #queue: AlertQueue;
  #failuresInARow = 0;
  #pauseUntilMs = -Infinity;
  /** What the clock showed when it was last looked at. */
  #seenMs = -Infinity;
  /** The one that is being delivered. */
  #onItsWay: string | undefined;
  /** Drops that the observer knows of: what is dropped is offered again and again. */
  readonly #told = new Set<string>();
  #isClosing = false;
  #isClosed = false;
  #stopTimer: (() => void) | undefined;
  #abort: AbortController | undefined;
  #onIdle: (() => void) | undefined;

  constructor(receiver: AlertReceiver, parts: WorkerParts) {
    this.receiver = receiver;
    this.#parts = parts;
    this.#queue = new AlertQueue(parts.limits.longestQueue);
  }

  /** Alerts that wait, the one that is on its way among them. */
  get waiting(): number {
    return this.#queue.length;
  }

  add(id: string, message: AlertMessage): void {
    const nowMs = this.#lookAtClock();
    const alert: WaitingAlert = { id, message, offeredAtMs: nowMs, attempts: 0, notBeforeMs: nowMs };
    const dropped = this.#queue.add(alert, this.#onItsWay);
    if (dropped !== undefined) this.#drop(dropped);
    this.#go();
  }

  /** Tries what waits once more, now, and ends with the first failure or with the signal. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosing = true;
    this.#stopTimer?.();
    if (!signal.aborted) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      signal.addEventListener('abort', () => this.#onIdle?.());
      this.#go();
      await idle;
    }
    this.#isClosed = true;
    this.#abort?.abort();
    this.receiver.close?.();
  }

  #go(): void {
    if (this.#onItsWay !== undefined || this.#isClosed) return;
    this.#stopTimer?.();
    const nowMs = this.#lookAtClock();
    const alert = this.#queue.next(nowMs);
    if (alert === undefined) {
      this.#onIdle?.();
      return;
    }
    const atMs = Math.max(alert.notBeforeMs, this.#pauseUntilMs);
    if (atMs > nowMs && !this.#isClosing) {
      this.#stopTimer = this.#parts.timer(atMs - nowMs, () => {
        this.#lookAtClock(atMs);
        this.#go();
      });
      return;
    }
    this.#onItsWay = alert.id;
    void this.#try(alert);
  }

  /**
   * What time it is. A clock that was set back takes all that was planned by it along: nothing waits longer for that.
   * @param leastMs so late it has to be, by a timer that nobody sets
   */
  #lookAtClock(leastMs = -Infinity): number {
    const nowMs = this.#parts.now();
    const expectedMs = Math.max(this.#seenMs, leastMs);
    if (nowMs < expectedMs) {
      this.#queue.shift(nowMs - expectedMs);
      this.#pauseUntilMs += nowMs - expectedMs;
    }
    this.#seenMs = nowMs;
    return nowMs;
  }

  async #try(alert: WaitingAlert): Promise<void> {
    const delivery = await this.#deliver(alert.message);
    this.#onItsWay = undefined;
    if (this.#isClosed) return;
    this.#lookAtClock();
    const { offeredAtMs } = this.#queue.find(alert.id) ?? alert;
    const tried: WaitingAlert = { ...alert, offeredAtMs, attempts: alert.attempts + 1 };
    const hasFailed = delivery.kind === 'later';
    if (hasFailed) this.#failed(tried, delivery);
    else this.#ended(tried, delivery);
    if (hasFailed && this.#isClosing) this.#onIdle?.();
    else this.#go();
  }

  async #deliver(message: AlertMessage): Promise<Delivery> {
    const { timer, limits } = this.#parts;
    const abort = new AbortController();
    this.#abort = abort;
    let stop: (() => void) | undefined;
    const tooLate = new Promise<Delivery>((resolve) => {
      stop = timer(limits.deliveryMs, () => {
        abort.abort();
        resolve({ kind: 'later', reason: `had not answered after ${limits.deliveryMs} ms` });
      });
    });
    try {
      return await Promise.race([this.receiver.deliver(message, abort.signal), tooLate]);
    } catch {
      // What it threw may hold what nobody is to read.
      return { kind: 'later', reason: 'failed in an unforeseen way' };
    } finally {
      stop?.();
      this.#abort = undefined;
    }
  }

  #ended(alert: WaitingAlert, delivery: Exclude<Delivery, { readonly kind: 'later' }>): void {
    const { observer, now, onDone } = this.#parts;
    this.#failuresInARow = 0;
    this.#pauseUntilMs = -Infinity;
    this.#queue.remove(alert.id);
    if (delivery.kind === 'delivered') {
      // What it overtook follows while it is remembered that it did.
      this.#queue.hasten(alert.message.uid, now());
      observer.onDelivered?.(this.#describe(alert), now() - alert.offeredAtMs);
    } else {
      observer.onGivenUp?.(this.#describe(alert), delivery.reason);
    }
    onDone(alert.id, alert.message);
  }

  #failed(alert: WaitingAlert, { reason, retryAfterMs = 0 }: Extract<Delivery, { kind: 'later' }>): void {
    const { observer, now, onDone, random, limits } = this.#parts;
    const nowMs = now();
    this.#failuresInARow += 1;
    const askedMs = Math.min(retryAfterMs, longestAskedPauseMs);
    this.#pauseUntilMs = nowMs + Math.max(backOffMs(this.#failuresInARow, random()), askedMs);
    const notBeforeMs = nowMs + Math.max(backOffMs(alert.attempts, random()), askedMs);
    if (notBeforeMs - alert.offeredAtMs > limits.giveUpMs) {
      this.#queue.remove(alert.id);
      observer.onGivenUp?.(this.#describe(alert), reason);
      onDone(alert.id, alert.message);
      return;
    }
    this.#queue.replace({ ...alert, notBeforeMs });
    observer.onPutOff?.(this.#describe(alert), reason, Math.max(notBeforeMs, this.#pauseUntilMs) - nowMs);
  }

  #drop(alert: WaitingAlert): void {
    this.#parts.onDropped(alert.id);
    if (this.#told.has(alert.id)) return;
    this.#told.add(alert.id);
    const [oldest] = this.#told;
    if (this.#told.size > longestTold && oldest !== undefined) this.#told.delete(oldest);
    this.#parts.observer.onDropped?.(this.#describe(alert));
  }

  #describe({ message, attempts }: WaitingAlert): AlertDelivery {
    return { receiver: this.receiver.name, receiverKind: this.receiver.kind, message, attempts };
  }
}
