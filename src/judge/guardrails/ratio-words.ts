import { numberField } from '../../domain/fields.js';
import { formatApart, formatCount, formatPercent, trimNumber } from '../../domain/units.js';
import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import { isAbove, isBelow } from '../comparisons.js';

interface RatioThresholds {
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
}

const ratioField = () => numberField({ min: 0, open: true }, "a ratio above 0 such as 2, for twice stable's");

/** The limits of a guardrail on how often something happens against the stable version. */
export const ratioLimitFields = {
  promoteBelow: ratioField().default(1.25).describe("promote below this many times the stable version's"),
  rollbackAbove: ratioField().default(2).describe("roll back above this many times the stable version's"),
};

/** A ratio for a sentence; beyond a thousand it says only that. */
function formatRatio(ratio: number, digits = 3): string {
  return ratio > 1000 ? 'more than 1,000' : trimNumber(ratio, digits);
}

/** `errors 2.4 times stable's > 2`. */
export function ratioHeadline(
  subject: string,
  ratio: number,
  atLeast: boolean,
  { promoteBelow, rollbackAbove }: RatioThresholds,
): string {
  const figure = (threshold: number) =>
    `${subject} ${atLeast ? 'at least ' : ''}${formatApart(ratio, threshold, formatRatio)} times stable's`;
  if (isAbove(ratio, rollbackAbove)) return `${figure(rollbackAbove)} > ${trimNumber(rollbackAbove)}`;
  if (atLeast) return `${figure(rollbackAbove)}, which has none`;
  if (isBelow(ratio, promoteBelow)) return `${figure(promoteBelow)} < ${trimNumber(promoteBelow)}`;
  return `${figure(promoteBelow)}, between ${trimNumber(promoteBelow)} and ${trimNumber(rollbackAbove)}`;
}

/** `2.4 times as`, as in "as often" or "as large"; of a ratio of 1 just `as`. */
export function timesAs(ratio: number, atLeast: boolean): string {
  const figure = formatRatio(ratio, 2);
  if (atLeast) return `at least ${figure} times as`;
  return figure === '1' ? 'as' : `${figure} times as`;
}

/** `2 % of 3,000 against 1 % of 57,000`. */
export function bothShares(total: PairedTailCounts): string {
  const share = (events: number, trials: number) =>
    `${formatPercent(trials > 0 ? events / trials : 0)} of ${formatCount(trials)}`;
  return `${share(total.canaryEvents, total.canaryTrials)} against ${share(total.stableEvents, total.stableTrials)}`;
}
