interface Count {
  current: number;
  previous: number;
  turnedMs: number;
}

/** So many versions are remembered at a time; beyond them those that were heard of longest ago are forgotten. */
const mostVersions = 10_000;

/**
 * How many responses of each version came without their request, lately. Loggers do not send again and networks lose
 * requests and responses alike, so as many responses will have been lost: a request without a response is an error only
 * where it cannot be one of these.
 */
export class LostHalves {
  readonly #counts = new Map<string, Count>();

  /** Versions that are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** A response of this version came alone. */
  add(version: string, windowMs: number, nowMs: number): void {
    const count = this.#counts.get(version) ?? { current: 0, previous: 0, turnedMs: nowMs };
    turn(count, windowMs, nowMs);
    count.current++;
    // Those that were heard of last are at the end.
    this.#counts.delete(version);
    this.#counts.set(version, count);
    if (this.#counts.size <= mostVersions) return;
    const [oldest = version] = this.#counts.keys();
    this.#counts.delete(oldest);
  }

  /** Whether a request that stays alone may be one of those whose response was lost; each is taken once. */
  take(version: string, windowMs: number, nowMs: number): boolean {
    const count = this.#counts.get(version);
    if (count === undefined) return false;
    turn(count, windowMs, nowMs);
    if (count.previous > 0) count.previous--;
    else if (count.current > 0) count.current--;
    else {
      this.#counts.delete(version);
      return false;
    }
    return true;
  }

  /** Forgets versions of which nothing was heard for a time. */
  sweep(olderThanMs: number, nowMs: number): void {
    for (const [version, { turnedMs }] of this.#counts) {
      if (nowMs - turnedMs > olderThanMs) this.#counts.delete(version);
    }
  }
}

/** Forgets what is older than two windows. */
function turn(count: Count, windowMs: number, nowMs: number): void {
  const age = nowMs - count.turnedMs;
  if (age < windowMs && age >= 0) return;
  count.previous = age >= 2 * windowMs ? 0 : count.current;
  count.current = 0;
  count.turnedMs = nowMs;
}
