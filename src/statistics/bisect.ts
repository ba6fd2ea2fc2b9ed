/**
 * The point between `low` and `high` where a predicate that holds at `low` stops holding, to about the last bits of a
 * double. The predicate must change once.
 */
export function bisect(holds: (x: number) => boolean, low: number, high: number): number {
  let lower = low;
  let upper = high;
  for (let i = 0; i < 200; i++) {
    const middle = (lower + upper) / 2;
    if (middle <= lower || middle >= upper || upper - lower <= 1e-15 * Math.abs(upper)) break;
    if (holds(middle)) lower = middle;
    else upper = middle;
  }
  return (lower + upper) / 2;
}

/** The smallest whole number above 0 for which a monotone predicate holds, or undefined beyond `limit`. */
export function smallestWhole(holds: (n: number) => boolean, limit: number): number | undefined {
  let upper = 1;
  while (!holds(upper)) {
    if (upper >= limit) return undefined;
    upper = Math.min(upper * 2, limit);
  }
  let lower = Math.floor(upper / 2);
  while (upper - lower > 1) {
    const middle = Math.floor((lower + upper) / 2);
    if (holds(middle)) upper = middle;
    else lower = middle;
  }
  return upper;
}
