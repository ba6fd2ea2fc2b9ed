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

/** Adds two arrays entry by entry; the shorter one counts as 0 beyond its end. */
export function addArrays(left: readonly number[], right: readonly number[]): number[] {
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, i) => (left[i] ?? 0) + (right[i] ?? 0));
}
