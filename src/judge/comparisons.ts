/**
 * Comparisons with a threshold that treat the last bits of a double as equal: 99 of 1,000 against 100 of 1,000 is
 * a change of exactly -1 %, whatever the division leaves behind.
 */
const tolerance = 1e-12;

export function isBelow(value: number, threshold: number): boolean {
  return value < threshold - tolerance * Math.max(1, Math.abs(threshold));
}

export function isAbove(value: number, threshold: number): boolean {
  return value > threshold + tolerance * Math.max(1, Math.abs(threshold));
}
