import assert from 'node:assert/strict';

/** Where every reference value of the statistics comes from; said once, meant by every test that uses it. */
export const referenceSource =
  'reference values computed independently with 40-digit decimal arithmetic (test/fixtures/judge-reference)';

/**
 * Fails unless a number agrees with a reference value to all the digits that are printed, at most nine: within
 * 1e-9 of it, or within half a unit of its last printed place where that is more.
 *
 * @param printed the reference value as text, since `0.0183` and `0.01830` promise different things
 */
export function assertPrinted(actual: number, printed: string, what = 'value'): void {
  const expected = Number(printed);
  const [mantissa = '', exponent = '0'] = printed.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  const halfUnit = mantissa.includes('.') ? 0.5000001 * 10 ** (Number(exponent) - decimals) : 0;
  const tolerance = Math.max(1e-9 * Math.abs(expected), halfUnit);
  const near = Math.abs(actual - expected) <= tolerance;
  if (!near) assert.fail(`${what}: expected ${printed} within ${tolerance}, got ${actual}`);
}

/** Whether two numbers agree up to rounding: relative to the larger one, or to 1. */
export function agree(left: number, right: number, tolerance = 1e-7): boolean {
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
}
