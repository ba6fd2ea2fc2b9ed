import { severities } from '../severity.js';
import type { WaitingAlert } from './waiting-alert.js';

const rankOf = ({ message }: WaitingAlert): number => severities.indexOf(message.alert.severity);

/**
 * What waits for one receiver. The most urgent goes first; of equals the one that was tried least, then the oldest. Of one
 * rollout none overtakes one before it that is as urgent or more, so that people read what happened in its order.
 */
export class AlertQueue {
  readonly #longest: number;
  #waiting: readonly WaitingAlert[] = [];

  constructor(longest: number) {
    this.#longest = longest;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Puts one behind the others. Answers what there is no room for any more: the newest of the least urgent, itself perhaps,
   * so that the older ones get through in their order while what has no room comes again.
   *
   * @param onItsWay the one that is being delivered, which stays
   */
  add(alert: WaitingAlert, onItsWay?: string): WaitingAlert | undefined {
    this.#waiting = [...this.#waiting, alert];
    if (this.#waiting.length <= this.#longest) return undefined;
    const resting = this.#waiting.filter(({ id }) => id !== onItsWay);
    const least = Math.min(...resting.map(rankOf));
    const dropped = resting.findLast((one) => rankOf(one) === least);
    if (dropped !== undefined) this.remove(dropped.id);
    return dropped;
  }

  /** The next one to be tried, whether or not its time has come. */
  next(nowMs: number): WaitingAlert | undefined {
    const heads = this.#heads();
    const due = heads.filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
    if (due.length === 0) return soonest(heads);
    return due.reduce((best, one) => (isBefore(one, best) ? one : best));
  }

  /** Puts the new form of one into its place. */
  replace(alert: WaitingAlert): void {
    this.#waiting = this.#waiting.map((one) => (one.id === alert.id ? alert : one));
  }

  /** Lets what waits of one rollout be tried at once: the receiver is back. */
  hasten(uid: string, nowMs: number): void {
    this.#waiting = this.#waiting.map((one) =>
      one.message.uid === uid && one.notBeforeMs > nowMs ? { ...one, notBeforeMs: nowMs } : one,
    );
  }

  /** Moves every time by so many milliseconds: the clock was set. */
  shift(byMs: number): void {
    this.#waiting = this.#waiting.map((one) => ({
      ...one,
      offeredAtMs: one.offeredAtMs + byMs,
      notBeforeMs: one.notBeforeMs + byMs,
    }));
  }

  find(id: string): WaitingAlert | undefined {
    return this.#waiting.find((one) => one.id === id);
  }

  remove(id: string): void {
    this.#waiting = this.#waiting.filter((one) => one.id !== id);
  }

  /** The first of each severity of each rollout, unless a more urgent one is before it. */
  #heads(): readonly WaitingAlert[] {
    const seen = new Map<string, number>();
    return this.#waiting.filter((one) => {
      const rank = rankOf(one);
      const before = seen.get(one.message.uid) ?? -1;
      if (rank > before) seen.set(one.message.uid, rank);
      return rank > before;
    });
  }
}

function isBefore(one: WaitingAlert, other: WaitingAlert): boolean {
  const byRank = rankOf(one) - rankOf(other);
  return byRank === 0 ? one.attempts < other.attempts : byRank > 0;
}

function soonest(alerts: readonly WaitingAlert[]): WaitingAlert | undefined {
  return alerts.reduce<WaitingAlert | undefined>(
    (best, one) => (best === undefined || one.notBeforeMs < best.notBeforeMs ? one : best),
    undefined,
  );
}
