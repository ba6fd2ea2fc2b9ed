import type { ArmCounts } from '../../domain/observations.js';
import { trimNumber } from '../../domain/units.js';
import type { Timeline } from '../timeline.js';

/** Quantiles of the request time that the servers computed themselves, where there are no histograms. */

/** Quantiles are written as decimals and as percentages: 0.999 and 99.9 % of 1 differ in the last bits. */
const tolerance = 1e-9;

/** A quantile of an arm's request times in milliseconds, as its servers told it at the end of a look. */
export function serverQuantile(arm: ArmCounts | undefined, quantile: number): number | undefined {
  if (arm?.quantiles === undefined) return undefined;
  const exact = arm.quantiles.get(quantile);
  if (exact !== undefined) return exact;
  for (const [told, milliseconds] of arm.quantiles) {
    if (Math.abs(told - quantile) < tolerance) return milliseconds;
  }
  return undefined;
}

/**
 * Whether a rollout has such quantiles and no histogram of request times, of neither version: where there are histograms
 * they alone are judged, so that a canary that has stopped reporting them is not judged by less.
 *
 * @param quantile the one that has to be among them; absent: any
 */
export function hasOnlyServerQuantiles(timeline: Timeline, quantile?: number): boolean {
  let found = false;
  for (const arm of armsOf(timeline)) {
    if (arm.latency !== undefined) return false;
    found ||=
      quantile === undefined ? (arm.quantiles?.size ?? 0) > 0 : serverQuantile(arm, quantile) !== undefined;
  }
  return found;
}

/** The quantiles that are told at all, for a sentence: `p50 and p90`. */
export function toldQuantiles(timeline: Timeline): string {
  const told = new Set<number>();
  for (const arm of armsOf(timeline)) for (const quantile of arm.quantiles?.keys() ?? []) told.add(quantile);
  const names = [...told].sort((a, b) => a - b).map((quantile) => `p${trimNumber(quantile * 100, 6)}`);
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ');
}

function* armsOf(timeline: Timeline): Generator<ArmCounts> {
  for (const look of timeline.looks) {
    if (look.canary !== undefined) yield look.canary;
    if (look.stable !== undefined) yield look.stable;
  }
  for (const look of timeline.before) yield look.stable;
}
