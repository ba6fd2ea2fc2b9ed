import type { CountedArm, CountedLook } from './counted-look.js';
import type { SeriesIdentity } from './sampled-series.js';

/** Bounds of buckets, and whether some targets have others. */
export interface CommonBounds {
  /** Ascending, without the infinite one. */
  readonly bounds: readonly number[];
  /** Some series have bounds that others do not have; those are not used. */
  readonly differ: boolean;
}

/** The bounds that all histograms of a channel have: only up to these can their counts be added. */
export function commonBounds(channel: string, series: Iterable<SeriesIdentity>): CommonBounds {
  const children = new Map<string, Set<number>>();
  for (const identity of series) {
    if (identity.channel !== channel) continue;
    const bound = Number(identity.cell);
    let bounds = children.get(identity.child);
    if (bounds === undefined) children.set(identity.child, (bounds = new Set<number>()));
    if (Number.isFinite(bound)) bounds.add(bound);
  }
  const all = [...children.values()];
  const [first = new Set<number>()] = all;
  const bounds = [...first].filter((bound) => all.every((other) => other.has(bound)));
  return {
    bounds: bounds.sort((a, b) => a - b),
    differ: all.some((other) => other.size !== bounds.length),
  };
}

/**
 * The bounds that lie inside no bucket of the native histograms of a channel: between these all observations are
 * known, whatever resolution each histogram had.
 */
export function nativeBounds(channel: string, looks: readonly CountedLook[]): CommonBounds {
  const bounds = new Set<number>();
  const buckets: (readonly [lower: number, upper: number])[] = [];
  for (const { arms } of looks) {
    for (const arm of [arms.canary, arms.stable]) {
      for (const { lower, upper } of arm.native(channel)) {
        bounds.add(lower).add(upper);
        buckets.push([lower, upper]);
      }
    }
  }
  const finite = [...bounds].filter((bound) => Number.isFinite(bound)).sort((a, b) => a - b);
  const cut = new Set<number>();
  // Distinct buckets only: most looks have the same ones.
  const distinct = new Map(buckets.map((bucket) => [bucket.join(':'), bucket]));
  for (const [lower, upper] of distinct.values()) {
    for (let at = firstAbove(finite, lower); (finite[at] ?? Infinity) < upper; at++) cut.add(finite[at] ?? 0);
  }
  return { bounds: finite.filter((bound) => !cut.has(bound)), differ: cut.size > 0 };
}

/** Counts of (lower, upper] between common bounds, the last one open. */
export function binCounts(arm: CountedArm, channel: string, bounds: readonly number[]): readonly number[] {
  const cells = arm.cells(channel);
  const counts = new Array<number>(bounds.length + 1).fill(0);
  if (cells.size > 0) {
    const total = cells.get('Infinity') ?? Math.max(0, ...cells.values());
    let below = 0;
    bounds.forEach((bound, bin) => {
      // Targets write their buckets one after the other; the sums of a look may be short by a request.
      const upTo = Math.max(below, Math.min(total, cells.get(String(bound)) ?? below));
      counts[bin] = upTo - below;
      below = upTo;
    });
    counts[bounds.length] = Math.max(0, total - below);
  }
  for (const { upper, count } of arm.native(channel)) {
    const bin = firstAtLeast(bounds, upper);
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  return counts;
}

function firstAbove(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  const above = firstAbove(sorted, value);
  return sorted[above - 1] === value ? above - 1 : above;
}
