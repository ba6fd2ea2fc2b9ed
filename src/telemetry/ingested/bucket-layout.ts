import { latencyBoundsMs, scoreBin } from '../../sources/index.js';

/**
 * The buckets of a histogram whose bounds are edges of a grid of the ledger: every bin of the grid lies in one of them
 * as a whole, so counts by bin are counts by bucket, to the last one.
 */
export class BucketLayout {
  /** Ascending upper bounds; the bucket above them is open. */
  readonly bounds: readonly number[];
  /** The bin that ends at each bound. */
  readonly #lastBins: readonly number[];

  constructor(bounds: readonly number[], lastBins: readonly number[]) {
    this.bounds = bounds;
    this.#lastBins = lastBins;
  }

  /** The bucket that a bin of the grid lies in; `bounds.length` for the open one. */
  bucketOf(bin: number): number {
    let low = 0;
    let high = this.#lastBins.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bin <= (this.#lastBins[middle] ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Buckets of request times. `bounds`: in seconds, ascending, all of them bounds of the ledger. */
export function latencyLayout(bounds: readonly number[]): BucketLayout {
  return new BucketLayout(
    bounds,
    bounds.map((bound) => latencyBoundsMs.findIndex((milliseconds) => milliseconds / 1000 === bound)),
  );
}

/** Buckets of scores. `bounds`: ascending, all of them edges of the ledger's grid. */
export function scoreLayout(bounds: readonly number[]): BucketLayout {
  return new BucketLayout(bounds, bounds.map(scoreBin));
}
