/**
 * ln(sum of exp(values)), safe against overflow. Nothing, or nothing but -infinity, gives -infinity.
 */
export function logSumExp(values: readonly number[]): number {
  let largest = -Infinity;
  for (const value of values) if (value > largest) largest = value;
  if (largest === -Infinity || largest === Infinity) return largest;
  let total = 0;
  for (const value of values) total += Math.exp(value - largest);
  return largest + Math.log(total);
}

/** ln(mean of exp(values)): the log of an evenly weighted mixture. */
export function logMeanExp(values: readonly number[]): number {
  return logSumExp(values) - Math.log(values.length);
}

/** ln(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
