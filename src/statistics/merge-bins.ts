import { sum } from './sums.js';

/**
 * Merges fine bins greedily on reference counts: a bin closes at the first fine bin where the cumulative count
 * reaches k M / B (thresholds already passed are skipped, so one bin may close several); a last bin with less than
 * 1/(2B) of the counts joins the one before. Before a fine bin that holds two shares by itself, a bin with half a share or
 * more closes, so that the heavy one does not hide it. Where that leaves fewer than B/2 bins, the reference is concentrated on a
 * few fine bins, and a canary that leaves them would go unseen: then each of those stands alone, and so does what lies
 * between.
 *
 * @returns for each merged bin the index of its last fine bin, ascending; the last is the last fine bin
 */
export function mergedBinEnds(reference: readonly number[], bins: number): readonly number[] {
  const total = sum(reference);
  const lastFine = reference.length - 1;
  if (reference.length <= bins || !(total > 0)) return reference.map((_, index) => index);
  const ends: number[] = [];
  let cumulative = 0;
  let closed = 0;
  let next = 1;
  for (let i = 0; i < lastFine; i++) {
    const count = reference[i] ?? 0;
    const open = cumulative - closed;
    if (count >= (2 * total) / bins && open >= total / (2 * bins)) {
      ends.push(i - 1);
      closed = cumulative;
    }
    cumulative += count;
    if (next < bins && cumulative >= (next * total) / bins) {
      ends.push(i);
      closed = cumulative;
      while (next < bins && cumulative >= (next * total) / bins) next++;
    }
  }
  ends.push(lastFine);
  const beforeLast = ends.at(-2);
  if (beforeLast !== undefined && sum(reference.slice(beforeLast + 1)) < total / (2 * bins)) {
    ends.splice(-2, 1);
  }
  return 2 * ends.length < bins || ends.length < 2 ? concentratedEnds(reference, total / bins) : ends;
}

/** Every fine bin that holds a whole share stands alone, and so does what lies between two of them. */
function concentratedEnds(reference: readonly number[], share: number): readonly number[] {
  const ends: number[] = [];
  const close = (end: number) => {
    if (end > (ends.at(-1) ?? -1)) ends.push(end);
  };
  reference.forEach((count, i) => {
    if (count < share) return;
    close(i - 1);
    close(i);
  });
  close(reference.length - 1);
  return ends;
}

/** Counts of the merged bins that `mergedBinEnds` chose. */
export function mergeCounts(counts: readonly number[], ends: readonly number[]): number[] {
  let from = 0;
  return ends.map((end) => {
    let merged = 0;
    for (; from <= end; from++) merged += counts[from] ?? 0;
    return merged;
  });
}
