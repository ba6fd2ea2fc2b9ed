/** Counts by bin number; bins that are not there are zero. */
export type SparseCounts = Map<number, number>;

/** Adds one to a bin, or to what else is counted. */
export function countIn<Key>(counts: Map<Key, number>, bin: Key): void {
  counts.set(bin, (counts.get(bin) ?? 0) + 1);
}

/** Adds the second to the first. */
export function addCounts(into: SparseCounts, counts: ReadonlyMap<number, number>): void {
  for (const [bin, count] of counts) into.set(bin, (into.get(bin) ?? 0) + count);
}

/**
 * Counts as the text that one column of the ledger holds: `[bin, count, bin, count, …]` by ascending bin. One row
 * for the histogram of a minute is read twenty times faster than one row a bin.
 */
export function writeCounts(counts: ReadonlyMap<number, number>): string {
  const bins = [...counts.keys()].sort((a, b) => a - b);
  return JSON.stringify(bins.flatMap((bin) => [bin, counts.get(bin) ?? 0]));
}

/** The reverse of {@link writeCounts}. */
export function readCounts(text: string): SparseCounts {
  const numbers = JSON.parse(text) as readonly number[];
  const counts: SparseCounts = new Map();
  for (let i = 0; i + 1 < numbers.length; i += 2) counts.set(numbers[i] ?? 0, numbers[i + 1] ?? 0);
  return counts;
}
