import { isAbove, isBelow } from '../comparisons.js';

/** What a ratio of the canary's rate to stable's is held against; 1 is "no difference". */
export interface RatioLimits {
  /** Promote below this ratio. */
  readonly promoteBelow: number;
  /** Roll back above this ratio. */
  readonly rollbackAbove: number;
  /**
   * Whether too few events are as wrong as too many: the limits then count from 1 to both sides, so 1.5 is also
   * 0.5.
   */
  readonly twoSided: boolean;
}

/** One side of a hypothesis: alternatives, each a factor, against the factor at the edge of the null. */
export interface RatioSide {
  readonly factors: readonly number[];
  readonly nullFactor: number;
}

const rollbackSpread = [1, 1.5, 2.5, 5, 15];
const promoteSpread = [1, 0.8, 0.6];

/** The same distance from 1 on the other side; undefined where that would be 0 or less. */
function mirrored(factor: number): number | undefined {
  const other = 2 - factor;
  return other > 0 ? other : undefined;
}

/** Null "the ratio is at most promoteBelow" (two-sided also: at least its mirror) and what stands against it. */
export function rollbackSides({ promoteBelow, rollbackAbove, twoSided }: RatioLimits): readonly RatioSide[] {
  const above = { nullFactor: promoteBelow, factors: rollbackSpread.map((spread) => rollbackAbove * spread) };
  const lowNull = mirrored(promoteBelow);
  const low = mirrored(rollbackAbove);
  if (!twoSided || lowNull === undefined || low === undefined) return [above];
  return [above, { nullFactor: lowNull, factors: rollbackSpread.map((spread) => low / spread) }];
}

/** Null "the ratio is at least rollbackAbove", two-sided also "at most its mirror": each has to be refuted. */
export function promoteSides({ promoteBelow, rollbackAbove, twoSided }: RatioLimits): readonly RatioSide[] {
  const above = { nullFactor: rollbackAbove, factors: promoteSpread.map((spread) => promoteBelow * spread) };
  const lowNull = mirrored(rollbackAbove);
  const low = mirrored(promoteBelow);
  if (!twoSided || lowNull === undefined || low === undefined) return [above];
  return [above, { nullFactor: lowNull, factors: promoteSpread.map((spread) => low / spread) }];
}

/** By how much a ratio has to clear a limit: a factor of 1 or more. */
const noMargin = 1;

/** Whether a ratio, divided by a margin, still lies beyond the rollback limit. */
export function isBeyond(ratio: number, limits: RatioLimits, margin = noMargin): boolean {
  if (isAbove(ratio / margin, limits.rollbackAbove)) return true;
  const low = mirrored(limits.rollbackAbove);
  return limits.twoSided && low !== undefined && isBelow(ratio * margin, low);
}

/** Whether a ratio, multiplied by a margin, still lies within the promote limit. */
export function isWithin(ratio: number, limits: RatioLimits, margin = noMargin): boolean {
  if (!isBelow(ratio * margin, limits.promoteBelow)) return false;
  const low = mirrored(limits.promoteBelow);
  return !limits.twoSided || low === undefined || isAbove(ratio / margin, low);
}
