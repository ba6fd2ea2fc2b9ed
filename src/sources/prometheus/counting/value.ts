import type { NativeHistogram } from '../server/query.js';

/** What a counter shows at one time: a number, or a native histogram. */
export type CounterValue = number | NativeHistogram;

/** What was counted between two times: a number, or counts by the upper bound of the native histogram's buckets. */
export type Amount = number | readonly NativeAmount[];

/** Observations in one bucket of a native histogram. */
export interface NativeAmount {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** The number by which the size of a counter is judged. */
export function sizeOf(value: CounterValue): number {
  return typeof value === 'number' ? value : value.count;
}

/** All that a counter shows, as counted from zero. */
export function wholeOf(value: CounterValue): Amount {
  return typeof value === 'number' ? value : value.buckets;
}

/**
 * What was counted from one value of a counter to a later one; undefined where it went down in any part: a counter
 * that began anew.
 */
export function increaseOf(before: CounterValue, after: CounterValue): Amount | undefined {
  if (typeof before === 'number' || typeof after === 'number') {
    if (typeof before !== 'number' || typeof after !== 'number') return undefined;
    return after >= before ? after - before : undefined;
  }
  return nativeIncrease(before, after);
}

/** Sums of floating-point numbers may lose a last digit. */
const tolerance = 1e-9;

function nativeIncrease(before: NativeHistogram, after: NativeHistogram): Amount | undefined {
  if (after.count < before.count) return undefined;
  const increase: NativeAmount[] = [];
  let next = 0;
  let last = -Infinity;
  for (const { lower, upper, count } of after.buckets) {
    // Buckets that were narrower before are merged: the resolution of a histogram may have been reduced.
    let counted = 0;
    for (; next < before.buckets.length; next++) {
      const bucket = before.buckets[next];
      if (bucket === undefined || bucket.upper > upper) break;
      if (bucket.lower < last) return undefined;
      counted += bucket.count;
    }
    last = upper;
    if (count < counted - tolerance) return undefined;
    if (count > counted) increase.push({ lower, upper, count: count - counted });
  }
  return next < before.buckets.length ? undefined : increase;
}
