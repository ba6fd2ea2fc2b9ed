import { minuteMs } from '../../looks/minutes.js';
import { calmUntil, passCalmly } from './calm-looks.js';
import type { CountedLook } from './counted-look.js';
import type { CountingParts } from './counting-parts.js';
import type { GatheredSamples } from './gathered-samples.js';
import { LookCounter } from './look-counter.js';
import { LookTally } from './look-tally.js';
import { Notes } from './notes.js';
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
 * within, as a restart or a birth make it. What each counter showed last is kept in `tracks`. Nothing is estimated: a
 * count that is not known is left out, and noted.
 */
export function countLooks(
  minutes: Minutes,
  parts: CountingParts,
  tracks: SeriesTracks,
  notes: Notes,
): readonly CountedLook[] {
  return tryLooks(minutes, parts, tracks, notes).looks;
}

/** The minutes whose ends do not tell what happened within: they are to be fetched scrape by scrape. */
export function unclearMinutes(
  minutes: Minutes,
  parts: CountingParts,
  tracks: SeriesTracks,
): readonly number[] {
  return tryLooks(minutes, parts, tracks.copy(), new Notes()).unclear;
}

/** Counts as {@link countLooks} does, and says as well what is unclear. Changes `tracks` and `notes` in either case. */
export function tryLooks(
  { from, to }: Minutes,
  parts: CountingParts,
  tracks: SeriesTracks,
  notes: Notes,
): CountedLooks {
  const { gathered, starts } = parts;
  const tally = new LookTally(from, to);
  const unclear = new Set<number>();
  for (const series of gathered.groups) {
    let minute = from;
    for (;;) {
      const calm = { from: minute, to: to };
      const until = calmUntil(calm, { series, gathered, starts }, tracks);
      passCalmly({ from: minute, to: until }, series, tracks, tally);
      if (until === to) break;
      const counter = new LookCounter(tally.look(until), series, parts, { tracks, notes });
      if (counter.count()) unclear.add(until);
      minute = until + 1;
    }
  }
  return { looks: tally.looks(), unclear: [...unclear].sort((a, b) => a - b) };
}
