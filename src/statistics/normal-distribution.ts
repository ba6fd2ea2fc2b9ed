import incompleteGamma from '@stdlib/math-base-special-gammainc';
import { findRoot } from './find-root.js';

/** The 95 % point of the normal distribution. */
export const normal95 = 1.6448536269514722;

/** P(Z <= x) of the standard normal distribution, each tail to its own relative precision. */
export function normalCdf(x: number): number {
  if (x === 0) return 0.5;
  const beyond = incompleteGamma((x * x) / 2, 0.5, true, true) / 2;
  return x < 0 ? beyond : 1 - beyond;
}

/** The x that a standard normal variable stays below with probability `p`, from 1e-300 to 1 - 1e-16. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p <= 0 ? -Infinity : p >= 1 ? Infinity : NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  // In logs the lower tail is nearly a parabola, so that far tails are found as fast as near ones.
  return findRoot((x) => Math.log(normalCdf(x)) - Math.log(p), -38, 0, 1e-14);
}
