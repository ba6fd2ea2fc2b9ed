import type { BucketLayout } from './bucket-layout.js';

/** The counts of one histogram, by bucket. */
export class BucketCounts {
  readonly layout: BucketLayout;
  readonly #counts: Float64Array;

  constructor(layout: BucketLayout) {
    this.layout = layout;
    this.#counts = new Float64Array(layout.bounds.length + 1);
  }

  /** Adds counts by bin of the grid. */
  add(bins: ReadonlyMap<number, number>): void {
    for (const [bin, count] of bins) {
      const bucket = this.layout.bucketOf(bin);
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    }
  }

  /** What Prometheus wants: at each bound the count of all that is not above it, and at last of all. */
  cumulative(): readonly number[] {
    let sum = 0;
    return Array.from(this.#counts, (count) => (sum += count));
  }
}
