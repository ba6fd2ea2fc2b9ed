/** Sums over arrays of numbers; an empty array sums to 0. */

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The arithmetic mean, or 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/** Adds counts to a running total, entry by entry; the total grows to the longer of the two. */
export function addInto(total: number[], counts: readonly number[]): void {
  for (let i = 0; i < counts.length; i++) total[i] = (total[i] ?? 0) + (counts[i] ?? 0);
}
