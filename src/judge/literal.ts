import type { Verdict } from '../domain/verdict.js';
import { isAbove, isBelow } from './comparisons.js';

/** The decision table to the letter, lower is better: exactly on a threshold is hold, and so is no data. */
export function literalBelow(
  estimate: number | null,
  thresholds: { readonly promoteBelow: number; readonly rollbackAbove: number },
): Verdict {
  if (estimate === null) return 'hold';
  if (isAbove(estimate, thresholds.rollbackAbove)) return 'rollback';
  return isBelow(estimate, thresholds.promoteBelow) ? 'promote' : 'hold';
}

/** The same where higher is better: exactly on the promote threshold is promote. */
export function literalAbove(
  estimate: number | null,
  thresholds: { readonly promoteAbove: number; readonly rollbackBelow: number },
): Verdict {
  if (estimate === null) return 'hold';
  if (isBelow(estimate, thresholds.rollbackBelow)) return 'rollback';
  return isBelow(estimate, thresholds.promoteAbove) ? 'hold' : 'promote';
}
