import { formatMilliseconds, formatPercent } from '../../../domain/units.js';
import type { QuerySeries } from '../../../sources/index.js';
import type { LatencyBuckets, TimeUnit } from '../../../sources/prometheus/signals/signal.js';
import { milliseconds } from '../../../sources/prometheus/signals/time-units.js';
import { warning, type CheckResult } from '../finding.js';

const check = 'latency';

/** With fewer requests nothing is said. */
const fewestRequests = 20;

/** Nearly all of them. */
const nearlyAll = 0.999;

/** A p99 above this is hardly a request time, milliseconds; one below the other neither. */
const slowestMs = 100_000;
const fastestMs = 1;

const nameEndings: readonly (readonly [RegExp, TimeUnit])[] = [
  [/_(?:milliseconds|ms)$/, 'ms'],
  [/_(?:microseconds|us)$/, 'us'],
  [/_(?:nanoseconds|ns)$/, 'ns'],
  [/_seconds$/, 's'],
];

/** Whether what the buckets hold makes sense in their unit: seconds and milliseconds are easily mixed up. */
export function checkUnits(
  latency: LatencyBuckets,
  bounds: readonly number[],
  series: readonly QuerySeries[],
): readonly CheckResult[] {
  const { metric, unit } = latency;
  const named = nameEndings.find(([ending]) => ending.test(metric))?.[1];
  const fix = `set latency: { histogram: ${metric}, unit: … } to the unit of its bounds, and check that the application observes times in that unit`;
  if (named !== undefined && named !== unit) {
    return [warning(check, `${metric} is read in ${unit}, though its name says ${named}`, fix)];
  }
  const held = contentOf(bounds, series);
  if (held === undefined) return [];
  const [first = 0, last = 0] = [bounds[0], bounds.at(-1)].map((bound) => milliseconds(bound ?? 0, unit));
  if (held.lowest >= nearlyAll) {
    return [
      warning(
        check,
        `${formatPercent(held.lowest)} of the requests are in the lowest bucket, up to ${formatMilliseconds(first)}: no quantile can be told, and the unit may be mixed up (times in seconds, buckets in milliseconds)`,
        fix,
      ),
    ];
  }
  const p99 = held.p99 === undefined ? undefined : held.p99.map((bound) => milliseconds(bound, unit));
  if (p99 === undefined) {
    const isMost =
      held.highest > 0.5 ? ', and the unit may be mixed up (times in milliseconds, buckets in seconds)' : '';
    return [
      warning(
        check,
        `${formatPercent(held.highest)} of the requests are above the last bound, ${formatMilliseconds(last)}: where the p99 lies cannot be told${isMost}`,
        isMost === '' ? 'give the histogram buckets above that' : fix,
      ),
    ];
  }
  const [lower = 0, upper = 0] = p99;
  if (lower < slowestMs && upper >= fastestMs) return [];
  const where = `the p99 of all requests so far lies between ${formatMilliseconds(lower)} and ${formatMilliseconds(upper)}`;
  return [warning(check, `${where}: is the unit of ${metric} really ${unit}?`, fix)];
}

/** Where the requests are that the buckets hold; undefined where they are too few. `p99`: the bounds around it. */
function contentOf(
  bounds: readonly number[],
  series: readonly QuerySeries[],
):
  | { readonly lowest: number; readonly highest: number; readonly p99: readonly [number, number] | undefined }
  | undefined {
  const upTo = new Map<number, number>();
  for (const { labels, values } of series) {
    const le = labels['le'] ?? '';
    const bound = le === '+Inf' ? Infinity : Number(le);
    const value = values.at(-1);
    if (typeof value === 'number') upTo.set(bound, (upTo.get(bound) ?? 0) + value);
  }
  const total = upTo.get(Infinity) ?? 0;
  if (total < fewestRequests) return undefined;
  const share = (bound: number | undefined): number => (upTo.get(bound ?? 0) ?? 0) / total;
  const place = bounds.findIndex((bound) => share(bound) >= 0.99);
  return {
    lowest: share(bounds[0]),
    highest: 1 - share(bounds.at(-1)),
    p99: place < 0 ? undefined : [bounds[place - 1] ?? 0, bounds[place] ?? 0],
  };
}
