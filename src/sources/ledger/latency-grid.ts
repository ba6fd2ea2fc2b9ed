/**
 * The bounds in milliseconds on which the ledger counts request times: close together around the 200 ms and 500 ms
 * of the default policy, which are bounds themselves. Stored counts refer to them by position, so a change of this
 * list needs a migration.
 */
export const latencyBoundsMs: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 2500, 5000, 10_000,
  30_000,
];

/** The bin of a request time: the first whose bound is not exceeded, or the open one after all bounds. */
export function latencyBin(milliseconds: number): number {
  let low = 0;
  let high = latencyBoundsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (milliseconds <= (latencyBoundsMs[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}
