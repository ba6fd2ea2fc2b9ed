/** One request of a load generator: how a pod answers it, and what is known of it at once. */
export interface SentRequest {
  /** HTTP status. */
  readonly code: string;
  readonly latencyMs: number;
  /** A failed request predicts nothing. */
  readonly score?: number;
  readonly label?: string;
  readonly outcome?: number;
}

/** How often each value was seen. */
export type ValueCounts<Value> = ReadonlyMap<Value, number>;

/** A tally as plain data, for messages between processes. */
export interface WrittenTally {
  readonly codes: readonly (readonly [string, number])[];
  readonly latenciesMs: readonly (readonly [number, number])[];
  readonly scores: readonly (readonly [number, number])[];
  readonly labels: readonly (readonly [string, number])[];
  readonly outcomes: readonly (readonly [number, number])[];
}

/**
 * All that was served, counted by value: whatever histograms a pod exposes, the tally knows what has to be in them. It
 * counts on its own, beside the metrics that a pod keeps.
 */
export class Tally {
  readonly #codes = new Map<string, number>();
  readonly #latenciesMs = new Map<number, number>();
  readonly #scores = new Map<number, number>();
  readonly #labels = new Map<string, number>();
  readonly #outcomes = new Map<number, number>();

  static of(requests: Iterable<SentRequest>): Tally {
    const tally = new Tally();
    for (const request of requests) tally.add(request);
    return tally;
  }

  static read(written: WrittenTally): Tally {
    const tally = new Tally();
    for (const [value, count] of written.codes) bump(tally.#codes, value, count);
    for (const [value, count] of written.latenciesMs) bump(tally.#latenciesMs, value, count);
    for (const [value, count] of written.scores) bump(tally.#scores, value, count);
    for (const [value, count] of written.labels) bump(tally.#labels, value, count);
    for (const [value, count] of written.outcomes) bump(tally.#outcomes, value, count);
    return tally;
  }

  get codes(): ValueCounts<string> {
    return this.#codes;
  }

  get latenciesMs(): ValueCounts<number> {
    return this.#latenciesMs;
  }

  get scores(): ValueCounts<number> {
    return this.#scores;
  }

  get labels(): ValueCounts<string> {
    return this.#labels;
  }

  get outcomes(): ValueCounts<number> {
    return this.#outcomes;
  }

  get requests(): number {
    return sumOf(this.#codes);
  }

  /** Requests that the server failed. */
  get errors(): number {
    return sumOf(new Map([...this.#codes].filter(([code]) => code.startsWith('5'))));
  }

  add(request: SentRequest, times = 1): void {
    bump(this.#codes, request.code, times);
    bump(this.#latenciesMs, request.latencyMs, times);
    if (request.score !== undefined) bump(this.#scores, request.score, times);
    if (request.label !== undefined) bump(this.#labels, request.label, times);
    if (request.outcome !== undefined) bump(this.#outcomes, request.outcome, times);
  }

  /** Both together. */
  plus(other: Tally): Tally {
    return this.#with(other, 1);
  }

  /** What came since an earlier state of the same tally. */
  since(earlier: Tally): Tally {
    return this.#with(earlier, -1);
  }

  copy(): Tally {
    return this.#with(new Tally(), 1);
  }

  write(): WrittenTally {
    return {
      codes: [...this.#codes],
      latenciesMs: [...this.#latenciesMs],
      scores: [...this.#scores],
      labels: [...this.#labels],
      outcomes: [...this.#outcomes],
    };
  }

  #with(other: Tally, sign: 1 | -1): Tally {
    const sum = Tally.read(this.write());
    for (const [value, count] of other.#codes) bump(sum.#codes, value, sign * count);
    for (const [value, count] of other.#latenciesMs) bump(sum.#latenciesMs, value, sign * count);
    for (const [value, count] of other.#scores) bump(sum.#scores, value, sign * count);
    for (const [value, count] of other.#labels) bump(sum.#labels, value, sign * count);
    for (const [value, count] of other.#outcomes) bump(sum.#outcomes, value, sign * count);
    return sum;
  }
}

/** How many there are of all values. */
export function sumOf(counts: ValueCounts<unknown>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function bump<Value>(counts: Map<Value, number>, value: Value, by: number): void {
  const count = (counts.get(value) ?? 0) + by;
  if (count === 0) counts.delete(value);
  else counts.set(value, count);
}
