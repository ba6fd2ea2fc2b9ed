import type { MinuteCounts, SignedOutcomeSum } from '../../sources/index.js';
import { BucketCounts } from './bucket-counts.js';
import type { ModelShape } from './model-shape.js';

/** Labels of a series; the same object for as long as it has them. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** What is counted under labels of its own. */
export interface Labelled<T> {
  readonly labels: SeriesLabels;
  readonly counts: T;
}

/** Outcomes, in sums that only grow. */
export type OutcomeCounts = Omit<SignedOutcomeSum, 'sum'>;

/** All that a version has counted since it has been offered: what its series show. */
export class VersionCounts {
  readonly labels: SeriesLabels;
  /** When something of it was last counted. */
  lastMs = -Infinity;
  requests = 0;
  errors = 0;
  latency: BucketCounts | undefined;
  latencySumSeconds = 0;
  /** By output. */
  readonly scores = new Map<string, Labelled<BucketCounts>>();
  /** By output, then by label; {@link otherLabels} for those that are not told apart. */
  readonly predicted = new Map<string, Labelled<Map<string, number>>>();
  /** By outcome. */
  readonly outcomes = new Map<string, Labelled<OutcomeCounts>>();
  readonly #shape: ModelShape;

  constructor(labels: SeriesLabels, shape: ModelShape) {
    this.labels = labels;
    this.#shape = shape;
  }

  /** How many series it has. */
  get series(): number {
    let series = requestSeries;
    if (this.latency !== undefined) series += this.latency.layout.bounds.length + latencySeries;
    for (const { counts } of this.scores.values()) series += counts.layout.bounds.length + scoreSeries;
    for (const { counts } of this.predicted.values()) series += counts.size;
    return series + this.outcomes.size * outcomeSeries;
  }

  add(minute: MinuteCounts): void {
    this.requests += minute.requests;
    this.errors += minute.errors;
    if (minute.latency.size > 0) {
      this.latency ??= new BucketCounts(this.#shape.latency);
      this.latency.add(minute.latency);
      this.latencySumSeconds = grown(this.latencySumSeconds, minute.latencySumMs / 1000);
    }
    for (const [output, counts] of minute.outputs) {
      if (counts.kind === 'scores') this.#scoresOf(output).add(counts.bins);
      else this.#addLabels(output, counts.labels, counts.others);
    }
    for (const [outcome, sum] of minute.outcomes) this.addOutcomes(outcome, sum);
  }

  addOutcomes(outcome: string, more: Readonly<OutcomeCounts>): void {
    let known = this.outcomes.get(outcome);
    if (known === undefined) {
      const counts = { count: 0, positiveSum: 0, negativeSum: 0, sumOfSquares: 0 };
      this.outcomes.set(outcome, (known = { labels: { ...this.labels, outcome }, counts }));
    }
    const { counts } = known;
    counts.count += more.count;
    counts.sumOfSquares = grown(counts.sumOfSquares, more.sumOfSquares);
    // One from the other would not do: a sum of fractions that is taken apart may go down by its last digit.
    counts.positiveSum = grown(counts.positiveSum, more.positiveSum);
    counts.negativeSum = grown(counts.negativeSum, more.negativeSum);
  }

  /** Begins those histograms anew whose buckets have changed: a bucket that is new to a reader has to begin at zero. */
  reshape(): void {
    if (this.latency !== undefined && this.latency.layout !== this.#shape.latency) {
      this.latency = new BucketCounts(this.#shape.latency);
      this.latencySumSeconds = 0;
    }
    for (const [output, { labels, counts }] of this.scores) {
      const layout = this.#shape.scores(output);
      if (counts.layout !== layout) this.scores.set(output, { labels, counts: new BucketCounts(layout) });
    }
  }

  #scoresOf(output: string): BucketCounts {
    const known = this.scores.get(output);
    if (known !== undefined) return known.counts;
    const counts = new BucketCounts(this.#shape.scores(output));
    this.scores.set(output, { labels: { ...this.labels, output }, counts });
    return counts;
  }

  #addLabels(output: string, labels: ReadonlyMap<string, number>, others: number): void {
    let known = this.predicted.get(output);
    if (known === undefined) {
      known = { labels: { ...this.labels, output }, counts: new Map() };
      this.predicted.set(output, known);
    }
    const { counts } = known;
    let rest = others;
    for (const [label, count] of labels) {
      if (this.#shape.tellsApart(output, label)) counts.set(label, (counts.get(label) ?? 0) + count);
      else rest += count;
    }
    if (rest > 0) counts.set(otherLabels, (counts.get(otherLabels) ?? 0) + rest);
  }
}

/** The label of those that are not told apart: no model can answer it, since a label has a character at least. */
export const otherLabels = '';

/** Requests and errors. */
const requestSeries = 2;
/** Beside a bucket for each bound: the open one, and the count; of request times the sum too. */
const [scoreSeries, latencySeries] = [2, 3];
/** The count, the sum by its sign, and the sum of squares. */
const outcomeSeries = 4;

/** A sum with more added to it; it stays a number that can be told, whatever is added. */
function grown(sum: number, more: number): number {
  return Math.min(sum + more, Number.MAX_VALUE);
}
