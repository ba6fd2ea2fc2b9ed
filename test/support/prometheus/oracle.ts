import { minuteMs } from '../simulation/minute-span.js';
import { Tally } from './tally.js';

/** What one scrape of a process saw, at the time that the server gives its samples. */
export interface SeenScrape {
  readonly timeMs: number;
  readonly tally: Tally;
}

/** One process under one set of labels, as a server saw it. */
export interface ObservedLife {
  readonly version: string;
  /** Whether all that the first scrape showed was served since the process was there to be scraped. */
  readonly countsFromZero: boolean;
  /** Ascending in time. */
  readonly scrapes: readonly SeenScrape[];
  /** What the process had served before it came under these labels. */
  readonly carried: Tally;
  /** What it had served when it ended or went from under these labels. */
  readonly served: Tally;
}

/** Counts by the start of their minute. */
export type MinuteTallies = ReadonlyMap<number, Tally>;

/**
 * What exact counts are: for every minute and version the sum over processes of what they served between the last
 * scrape at or before the start of the minute and the last one at or before its end.
 */
export function countsByMinute(lives: readonly ObservedLife[]): ReadonlyMap<string, MinuteTallies> {
  const versions = new Map<string, Map<number, Tally>>();
  for (const { version, countsFromZero, scrapes } of lives) {
    const minutes = versions.get(version) ?? new Map<number, Tally>();
    versions.set(version, minutes);
    let before = countsFromZero ? new Tally() : scrapes[0]?.tally;
    for (const { timeMs, tally } of scrapes) {
      const minute = minuteOfScrape(timeMs);
      minutes.set(minute, (minutes.get(minute) ?? new Tally()).plus(tally.since(before ?? tally)));
      before = tally;
    }
  }
  return versions;
}

/** What a process served under these labels that no minute has: after the last scrape, and up to a first one whose values may be old. */
export function unseenOf({ countsFromZero, scrapes, carried, served }: ObservedLife): Tally {
  const first = scrapes[0]?.tally;
  const last = scrapes.at(-1)?.tally;
  if (first === undefined || last === undefined) return served.since(carried);
  const after = served.since(last);
  return countsFromZero ? after : after.plus(first.since(carried));
}

/** A scrape exactly at the end of a minute still belongs to it. */
function minuteOfScrape(timeMs: number): number {
  return (Math.ceil(timeMs / minuteMs) - 1) * minuteMs;
}
