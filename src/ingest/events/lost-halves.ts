interface Count {
  current: number;
  previous: number;
  turnedMs: number;
}

/**
 * How many responses of each version came without their request, lately. Loggers do not send again and networks lose
 * requests and responses alike, so as many responses will have been lost: a request without a response is an error only
 * where it cannot be one of these.
 */
export class LostHalves {
  readonly #counts = new Map<string, Count>();

  /** A response of this version came alone. */
  add(version: string, windowMs: number, nowMs: number): void {
    this.#countOf(version, windowMs, nowMs).current++;
  }

  /** Whether a request that stays alone may be one of those whose response was lost; each is taken once. */
  take(version: string, windowMs: number, nowMs: number): boolean {
    if (!this.#counts.has(version)) return false;
    const count = this.#countOf(version, windowMs, nowMs);
    if (count.previous > 0) count.previous--;
    else if (count.current > 0) count.current--;
    else {
      this.#counts.delete(version);
      return false;
    }
    return true;
  }

  /** Forgets what is older than two windows. */
  #countOf(version: string, windowMs: number, nowMs: number): Count {
    let count = this.#counts.get(version);
    if (count === undefined) {
      count = { current: 0, previous: 0, turnedMs: nowMs };
      this.#counts.set(version, count);
    }
    const age = nowMs - count.turnedMs;
    if (age >= windowMs || age < 0) {
      count.previous = age >= 2 * windowMs ? 0 : count.current;
      count.current = 0;
      count.turnedMs = nowMs;
    }
    return count;
  }

  /** Forgets versions of which nothing was heard for a time. */
  sweep(olderThanMs: number, nowMs: number): void {
    for (const [version, { turnedMs }] of this.#counts) {
      if (nowMs - turnedMs > olderThanMs) this.#counts.delete(version);
    }
  }
}
