import { formatApart, formatMilliseconds, trimNumber } from '../../domain/units.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { LatencyQuantileSettings } from './latency-settings.js';

/** `p99`, `p95`, `p99.9`. */
export function quantileName({ quantile }: Pick<LatencyQuantileSettings, 'quantile'>): string {
  return `p${trimNumber(quantile * 100, 6)}`;
}

/**
 * A quantile against the limit that it is beyond, or between the two: `p99 820 ms > 500 ms`.
 *
 * @param span which looks it is of, with a space before; empty for all
 */
export function quantileAgainstLimits(
  milliseconds: number,
  settings: LatencyQuantileSettings,
  span = '',
): string {
  const { promoteBelow, rollbackAbove } = settings;
  const name = quantileName(settings);
  const against = (threshold: number) =>
    `${name} ${formatApart(milliseconds, threshold, formatMilliseconds, 3)}${span}`;
  if (isAbove(milliseconds, rollbackAbove))
    return `${against(rollbackAbove)} > ${formatMilliseconds(rollbackAbove)}`;
  if (isBelow(milliseconds, promoteBelow))
    return `${against(promoteBelow)} < ${formatMilliseconds(promoteBelow)}`;
  return `${name} ${formatMilliseconds(milliseconds)}${span}, between ${formatMilliseconds(promoteBelow)} and ${formatMilliseconds(rollbackAbove)}`;
}

/** A histogram bound in a sentence, rounded so that what is said to lie above it does. */
export function lowerBound(milliseconds: number): string {
  return formatMilliseconds(rounded(milliseconds, Math.floor));
}

/** The same for what is said to lie below it. */
export function upperBound(milliseconds: number): string {
  return formatMilliseconds(rounded(milliseconds, Math.ceil));
}

/** To the three digits that are written (whole ones from 1,000 on), in one direction; bounds of three digits stay. */
function rounded(milliseconds: number, direction: (value: number) => number): number {
  if (milliseconds <= 0) return milliseconds;
  const unit = milliseconds >= 10_000 ? 1000 : 1;
  const exponent = Math.min(0, Math.floor(Math.log10(milliseconds / unit)) - 2);
  const scaled = (milliseconds / unit) * 10 ** -exponent;
  const nearest = Math.round(scaled);
  const whole = Math.abs(scaled - nearest) < 1e-6 ? nearest : direction(scaled);
  return (whole / 10 ** -exponent) * unit;
}
