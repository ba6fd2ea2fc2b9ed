import { staleMark, type WrittenSample, type WrittenSeries } from '../prometheus/simulation/sample-book.js';

/** What is known of some requests that were answered alike. */
export interface ServedRequest {
  readonly failed?: boolean;
  readonly latencyMs?: number;
  readonly score?: number;
}

/** What a pod shows. Bounds ascending, without the infinite one. */
export interface PodShape {
  readonly labels: Readonly<Record<string, string>>;
  readonly startedMs: number;
  readonly latencyBoundsMs: readonly number[];
  readonly scoreEdges: readonly number[];
  /** Names of outcomes. */
  readonly outcomes: readonly string[];
}

interface Counter {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: () => number;
  samples: WrittenSample[];
}

/**
 * The counters of a pod as it shows them, under the names that {@link fleetSignals} reads, and what every scrape of them has
 * found. Series of failures are there from the start.
 */
export class CountingPod {
  readonly #latency: number[];
  readonly #scores: number[];
  readonly #outcomes = new Map<string, { count: number; sum: number; squares: number }>();
  readonly #shape: PodShape;
  readonly #counters: readonly Counter[];
  #served = 0;
  #failed = 0;

  constructor(shape: PodShape) {
    this.#shape = shape;
    this.#latency = shape.latencyBoundsMs.map(() => 0).concat(0);
    this.#scores = shape.scoreEdges.map(() => 0).concat(0);
    for (const name of shape.outcomes) this.#outcomes.set(name, { count: 0, sum: 0, squares: 0 });
    this.#counters = [...this.#exposed()];
  }

  /** Counts that many requests of a kind. */
  serve({ failed = false, latencyMs, score }: ServedRequest, times = 1): void {
    if (failed) this.#failed += times;
    else this.#served += times;
    if (latencyMs !== undefined) bump(this.#latency, this.#shape.latencyBoundsMs, latencyMs, times);
    if (score !== undefined) bump(this.#scores, this.#shape.scoreEdges, score, times);
  }

  /** Counts that many outcomes of a value. */
  happen(name: string, value: number, times = 1): void {
    const outcome = this.#outcomes.get(name);
    if (outcome === undefined) throw new RangeError(`the pod shows no outcome ${name}`);
    outcome.count += times;
    outcome.sum += value * times;
    outcome.squares += value * value * times;
  }

  scrape(timeMs: number): void {
    for (const { samples, value } of this.#counters) samples.push({ timeMs, value: value() });
  }

  /** The target is gone: every series is marked so. */
  vanish(timeMs: number): void {
    for (const { samples } of this.#counters) samples.push({ timeMs, value: staleMark });
  }

  /** What was scraped since this was asked the last time. */
  takeSeries(): readonly WrittenSeries[] {
    return this.#counters.map((counter) => {
      const { labels, samples } = counter;
      counter.samples = [];
      return { labels, samples };
    });
  }

  *#exposed(): Generator<Counter> {
    const counter = (
      name: string,
      value: () => number,
      more: Readonly<Record<string, string>> = {},
    ): Counter => ({ labels: { __name__: name, ...this.#shape.labels, ...more }, value, samples: [] });
    yield counter('process_start_time_seconds', () => this.#shape.startedMs / 1000);
    yield counter('http_requests_total', () => this.#served, { code: '200' });
    yield counter('http_requests_total', () => this.#failed, { code: '500' });
    const seconds = this.#shape.latencyBoundsMs.map((bound) => Number((bound / 1000).toPrecision(12)));
    for (const [name, bounds, counts] of [
      ['http_request_duration_seconds_bucket', seconds, this.#latency],
      ['model_score_bucket', this.#shape.scoreEdges, this.#scores],
    ] as const) {
      for (const [index, bound] of [...bounds, '+Inf'].entries()) {
        yield counter(name, () => upTo(counts, index), { le: String(bound) });
      }
    }
    for (const [outcome, totals] of this.#outcomes) {
      yield counter('model_outcomes_total', () => totals.count, { outcome });
      yield counter('model_outcome_sum_total', () => totals.sum, { outcome });
      yield counter('model_outcome_squares_total', () => totals.squares, { outcome });
    }
  }
}

/** Adds to the bin of a value: bins are (lower, upper], the last one open. */
function bump(counts: number[], bounds: readonly number[], value: number, times: number): void {
  const found = bounds.findIndex((bound) => value <= bound);
  const index = found === -1 ? bounds.length : found;
  counts[index] = (counts[index] ?? 0) + times;
}

function upTo(counts: readonly number[], index: number): number {
  let sum = 0;
  for (let bin = 0; bin <= index; bin++) sum += counts[bin] ?? 0;
  return sum;
}
