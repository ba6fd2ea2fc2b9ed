import type { NativeBucket, NativeHistogram } from '../query.js';
import { readBound, readSampleValue } from './sample-value.js';

/**
 * A native histogram as the query API writes it: `{count, sum, buckets: [[boundaryRule, lower, upper, count], …]}`, numbers as
 * texts. Every bucket is read as one that has its upper bound in it and not its lower one, which the positive ones are; the rule
 * that says so is left aside, since of negative ones it would move only what lies on a bound to the digit.
 *
 * @returns `left-out` for one that counts nothing (a stale marker); undefined for what no server should write
 */
export function readNativeHistogram(value: unknown): NativeHistogram | 'left-out' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { count: countText, sum: sumText, buckets = [] } = value as Readonly<Record<string, unknown>>;
  const count = readSampleValue(countText);
  const sum = readSampleValue(sumText);
  if (count === undefined || sum === undefined) return undefined;
  if (Number.isNaN(count)) return 'left-out';
  const merged = readBuckets(buckets);
  return merged === undefined ? undefined : { count, sum, buckets: merged };
}

function readBuckets(written: unknown): readonly NativeBucket[] | undefined {
  if (written === null) return [];
  if (!Array.isArray(written)) return undefined;
  const read: NativeBucket[] = [];
  for (const entry of written as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 4) return undefined;
    const lower = readBound(entry[1]);
    const upper = readBound(entry[2]);
    const count = readSampleValue(entry[3]);
    if (lower === undefined || upper === undefined || count === undefined) return undefined;
    if (lower > upper || Number.isNaN(count)) return undefined;
    if (count > 0) read.push({ lower, upper, count });
  }
  return merge(oneSided(read));
}

/**
 * The bucket around zero reaches as far below zero as above it. Where nothing else is below (or above) zero, neither is
 * what this one counts: request times never are.
 */
function oneSided(buckets: readonly NativeBucket[]): readonly NativeBucket[] {
  const isBelow = buckets.some(({ upper }) => upper < 0);
  const isAbove = buckets.some(({ lower }) => lower > 0);
  if (isBelow === isAbove && isBelow) return buckets;
  return buckets.map((bucket) => {
    if (bucket.lower >= 0 || bucket.upper <= 0 || !isZeroBucket(bucket)) return bucket;
    return isBelow ? { ...bucket, upper: 0 } : { ...bucket, lower: 0 };
  });
}

function isZeroBucket({ lower, upper }: NativeBucket): boolean {
  return lower === -upper && Number.isFinite(upper);
}

/** In ascending order, each pair of bounds once. */
function merge(buckets: readonly NativeBucket[]): readonly NativeBucket[] {
  const merged: NativeBucket[] = [];
  for (const bucket of [...buckets].sort((a, b) => a.lower - b.lower || a.upper - b.upper)) {
    const last = merged.at(-1);
    if (last?.lower === bucket.lower && last.upper === bucket.upper) {
      merged[merged.length - 1] = { ...bucket, count: last.count + bucket.count };
    } else {
      merged.push(bucket);
    }
  }
  return merged;
}
