import { minuteMs } from '../../looks/minutes.js';
import type { GatheredSamples, GatheredSeries } from './gathered-samples.js';
import type { LookTally } from './look-tally.js';
import { toldGapMs } from './notes.js';
import type { ProcessStarts } from './process-starts.js';
import type { SeriesTracks } from './series-tracks.js';
import { increaseOf, type CounterValue } from './value.js';

/** Minutes since the epoch; `to` is the first one that is not meant. */
interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** Some counters, and what is known of the processes that have them. */
interface CalmParts {
  readonly series: readonly GatheredSeries[];
  readonly gathered: GatheredSamples;
  readonly starts: ProcessStarts;
}

/**
 * The minute up to which nothing happens but that counters go on, are not there, or end: nobody has to decide anything,
 * and all of it can be counted at once. Most minutes of most canaries are so.
 */
export function calmUntil(
  { from, to }: Minutes,
  { series, gathered, starts }: CalmParts,
  tracks: SeriesTracks,
): number {
  let until = from;
  while (until < to && !gathered.isByScrape(until)) until++;
  for (const one of series) {
    if (until === from) break;
    until = goesOnUntil({ from, to: until }, one, starts, tracks);
  }
  return until;
}

/** Counts calm minutes; what the counters showed at their end is kept. */
export function passCalmly(
  { from, to }: Minutes,
  series: readonly GatheredSeries[],
  tracks: SeriesTracks,
  tally: LookTally,
): void {
  if (to === from) return;
  for (const { identity, onlyEnds } of series) {
    const track = tracks.get(identity.key);
    // A new counter is not there before its first value; one that several collectors have neither.
    if (onlyEnds === undefined || track === undefined) continue;
    const { ends, replica } = onlyEnds;
    const row = tally.rowOf(identity);
    let { timeMs, value } = track.last;
    for (let minute = from; minute < to; minute++) {
      const next = ends.get(minute);
      if (next === undefined) continue;
      const increase = increaseOf(value, next);
      if (increase !== undefined) row.add(minute, increase);
      if (timeMs < minute * minuteMs) tally.look(minute).arms[identity.arm].goOnSince(timeMs);
      value = next;
      timeMs = (minute + 1) * minuteMs;
    }
    if (timeMs !== track.last.timeMs) tracks.set({ identity, last: { timeMs, value }, replica });
  }
}

function goesOnUntil(
  { from, to }: Minutes,
  series: GatheredSeries,
  starts: ProcessStarts,
  tracks: SeriesTracks,
): number {
  const { identity, onlyEnds } = series;
  const track = tracks.get(identity.key);
  if (onlyEnds === undefined || track === undefined) return firstThere({ from, to }, series);
  const process = { process: identity.process, replica: onlyEnds.replica };
  const mayRestart = starts.hasRestarts(process);
  let { timeMs, value } = track.last;
  let first = from;
  if (!mayRestart && typeof value === 'number' && timeMs === from * minuteMs) {
    first = onlyEnds.ends.risesUntil(from, to, value);
    if (first === to) return to;
    value = onlyEnds.ends.get(first - 1) ?? value;
    timeMs = first * minuteMs;
  }
  for (let minute = first; minute < to; minute++) {
    const next = onlyEnds.ends.get(minute);
    if (next === undefined) continue;
    const endMs = (minute + 1) * minuteMs;
    const isTold = timeMs < minute * minuteMs - toldGapMs;
    if (isTold || !isIncrease(value, next)) return minute;
    if (mayRestart && starts.isRestarted(process, timeMs, endMs)) return minute;
    value = next;
    timeMs = endMs;
  }
  return to;
}

/** The first minute with a value: of a counter that is new, or that several collectors have. */
function firstThere({ from, to }: Minutes, series: GatheredSeries): number {
  if (series.onlyEnds !== undefined) return series.onlyEnds.ends.firstFrom(from, to);
  for (let minute = from; minute < to; minute++) if (series.hasEnd(minute)) return minute;
  return to;
}

function isIncrease(before: CounterValue, after: CounterValue): boolean {
  if (typeof before === 'number' && typeof after === 'number') return after >= before;
  return increaseOf(before, after) !== undefined;
}
