import { minuteMs } from '../../looks/minutes.js';
import { calmUntil, passCalmly } from './calm-looks.js';
import type { CountedLook } from './counted-look.js';
import type { CountingParts } from './counting-parts.js';
import type { GatheredSamples } from './gathered-samples.js';
import { LookCounter } from './look-counter.js';
import { LookTally } from './look-tally.js';
import type { Notes } from './notes.js';
import { birthGraceMs } from './process-starts.js';
import type { SeriesTracks } from './series-tracks.js';

export type { CountingParts, CountingRules } from './counting-parts.js';

/** Minutes since the epoch; `to` is the first one that is not meant. */
interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** Takes what counters showed before the first minute that is counted as where they stood. */
export function startFrom(minute: number, gathered: GatheredSamples, tracks: SeriesTracks): void {
  for (const series of gathered.series) {
    const found = series.before(minute, minute * minuteMs - birthGraceMs);
    if (found !== undefined) tracks.set({ identity: series.identity, ...found });
  }
}

/** Looks, and which of them cannot be told by the ends of minutes: they are to be fetched scrape by scrape. */
export interface CountedLooks {
  readonly looks: readonly CountedLook[];
  /** Minutes, ascending. Where there are any the looks are not to be used. */
  readonly unclear: readonly number[];
}

/**
 * Counts minutes from what counters showed: for every counter the increase from its last value before to its last one
 * within, as a restart or a birth make it. Nothing is estimated: a count that is not known is left out, and noted. What
 * each counter showed last is kept in `tracks`; neither these nor `notes` are of use where something is unclear.
 *
 * Goes from process to process; yields how many values it has looked at since, so that others can have a turn.
 */
export function* countGroups(
  { from, to }: Minutes,
  parts: CountingParts,
  tracks: SeriesTracks,
  notes: Notes,
): Generator<number, CountedLooks> {
  const { gathered, starts } = parts;
  const tally = new LookTally(from, to);
  const unclear = new Set<number>();
  for (const series of gathered.groups) {
    let minute = from;
    for (;;) {
      const until = calmUntil({ from: minute, to }, { series, gathered, starts }, tracks);
      passCalmly({ from: minute, to: until }, series, tracks, tally);
      if (until === to) break;
      const counter = new LookCounter(tally.look(until), series, parts, { tracks, notes });
      if (counter.count()) unclear.add(until);
      minute = until + 1;
    }
    yield series.length * (to - from);
  }
  return { looks: tally.looks(), unclear: [...unclear].sort((a, b) => a - b) };
}
