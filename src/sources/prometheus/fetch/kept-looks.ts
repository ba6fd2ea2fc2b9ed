import { setImmediate as nextTurn } from 'node:timers/promises';
import { maximumBeforeLooks } from '../../../domain/observations.js';
import { countLooks, startFrom, unclearMinutes, type CountingParts } from '../counting/count-looks.js';
import type { CountedLook } from '../counting/counted-look.js';
import { GatheredSamples } from '../counting/gathered-samples.js';
import { Notes } from '../counting/notes.js';
import { ProcessStarts } from '../counting/process-starts.js';
import { QuantileLooks } from '../counting/quantile-looks.js';
import { SeriesTracks } from '../counting/series-tracks.js';
import type { MinuteSpan } from '../../looks/judged-span.js';
import type { LookFetcher } from './look-fetcher.js';
import type { ModelReading } from './model-reading.js';

/** The looks of a canary and its stable version that were counted so far, and what is needed to go on. */
export interface KeptLooks {
  /** From when on the canary was looked for. */
  readonly searchedFrom: number;
  /** The minutes that were counted. */
  readonly span: MinuteSpan;
  readonly looks: readonly CountedLook[];
  readonly tracks: SeriesTracks;
  readonly starts: ProcessStarts;
  readonly quantiles: QuantileLooks;
  readonly notes: Notes;
  /** As measured, where that was possible. */
  readonly scrapeIntervalMs?: number;
}

/** So many looks are fetched before it is known when the canary began: most canaries are younger. */
const guessedLooks = 60 + maximumBeforeLooks;

/** Up to so many new looks are fetched scrape by scrape at once. */
const fewLooks = 10;

/** Minutes that are fetched scrape by scrape in one query at most. */
const mostByScrape = 120;

/** Looks that are counted between two turns of the event loop. */
const looksPerTurn = 30;

/**
 * Counts a canary's looks for the first time, from its first traffic in the span on and with some looks before it.
 * Undefined where it has no series there.
 */
export async function countFirst(
  fetcher: LookFetcher,
  reading: ModelReading,
  span: MinuteSpan,
): Promise<KeptLooks | undefined> {
  const gathered = new GatheredSamples();
  const { processLabels, replicaLabels } = reading.series;
  const starts = new ProcessStarts(processLabels, replicaLabels);
  const quantiles = new QuantileLooks();
  const everything = (some: MinuteSpan) =>
    Promise.all([
      fetcher.resets(some),
      fetcher.ends(some, gathered),
      fetcher.starts(some, starts),
      fetcher.summaries(some, quantiles),
    ]).then(([resets]) => resets);

  const widest = span.from - maximumBeforeLooks;
  const guess = { from: Math.max(widest, span.to - guessedLooks), to: span.to };
  const [presence, scrapeIntervalMs, guessedResets] = await Promise.all([
    fetcher.presence(span),
    fetcher.scrapeIntervalMs(span.to),
    everything(guess),
  ]);
  if (presence.size === 0) return undefined;
  const from = Math.max(widest, Math.min(...presence) - maximumBeforeLooks);
  const resets = new Set(guessedResets);
  if (from < guess.from) {
    for (const minute of await everything({ from, to: guess.from })) resets.add(minute);
  }
  const counted = { from, to: span.to };
  const parts = { gathered, starts, rules: rulesOf(reading) };
  if (hasNative(reading)) await fetchByScrape(fetcher, counted, parts);
  const tracks = new SeriesTracks();
  startFrom(from, gathered, tracks);
  const notes = new Notes();
  await fetchUnclear(fetcher, counted, parts, tracks, resets);
  const looks = await countInTurns(counted, parts, tracks, notes);
  return {
    searchedFrom: span.from,
    span: counted,
    looks,
    tracks,
    starts,
    quantiles,
    notes,
    ...(scrapeIntervalMs === undefined ? {} : { scrapeIntervalMs }),
  };
}

/**
 * Counts the looks that are new since, and forgets those that are too old for a search from a minute on. What was kept stays as it is; where the fetch fails nothing has happened.
 */
export async function countMore(
  fetcher: LookFetcher,
  reading: ModelReading,
  kept: KeptLooks,
  to: number,
  searchedFrom: number,
): Promise<KeptLooks> {
  const keptFrom = searchedFrom - maximumBeforeLooks;
  const span = { from: kept.span.to, to };
  const gathered = new GatheredSamples();
  const parts = { gathered, starts: kept.starts, rules: rulesOf(reading) };
  const tracks = kept.tracks.copy();
  const isShort = to - span.from <= fewLooks || (hasNative(reading) && to - span.from <= mostByScrape);
  const [resets] = await Promise.all([
    isShort ? new Set<number>() : fetcher.resets(span),
    isShort ? fetcher.samples(span, gathered, kept.starts) : fetcher.ends(span, gathered),
    isShort ? fetcher.created(span, kept.starts) : fetcher.starts(span, kept.starts),
    fetcher.summaries(span, kept.quantiles),
  ]);
  await fetchUnclear(fetcher, span, parts, tracks, resets);
  const looks = await countInTurns(span, parts, tracks, kept.notes);
  tracks.forgetBefore(keptFrom);
  kept.quantiles.forgetBefore(keptFrom);
  return {
    ...kept,
    searchedFrom: Math.max(kept.searchedFrom, searchedFrom),
    span: { from: Math.max(kept.span.from, keptFrom), to },
    looks: [...kept.looks.filter(({ minute }) => minute >= keptFrom), ...looks],
    tracks,
  };
}

function rulesOf({ queries: { aggregated, scrapeIntervalMs } }: ModelReading): CountingParts['rules'] {
  return { aggregated, scrapeIntervalMs };
}

/** Fetches the minutes scrape by scrape of which the ends do not tell enough. */
async function fetchUnclear(
  fetcher: LookFetcher,
  span: MinuteSpan,
  parts: CountingParts,
  tracks: SeriesTracks,
  resets: ReadonlySet<number>,
): Promise<void> {
  const isWanted = (minute: number) => minute >= span.from && minute < span.to;
  const unclear = new Set(
    [...resets].filter((minute) => isWanted(minute) && !parts.gathered.isByScrape(minute)),
  );
  for (const minute of unclearMinutes(span, parts, tracks)) unclear.add(minute);
  if (unclear.size === 0) return;
  await Promise.all(spansOf(unclear).map((some) => fetcher.samples(some, parts.gathered, parts.starts)));
  // What is known now may show more: then all of it is fetched so.
  if (unclearMinutes(span, parts, tracks).length === 0) return;
  await fetchByScrape(fetcher, span, parts);
}

async function fetchByScrape(
  fetcher: LookFetcher,
  span: MinuteSpan,
  { gathered, starts }: CountingParts,
): Promise<void> {
  const pieces: MinuteSpan[] = [];
  for (let from = span.from; from < span.to; from += mostByScrape) {
    pieces.push({ from, to: Math.min(span.to, from + mostByScrape) });
  }
  await Promise.all(pieces.map((piece) => fetcher.samples(piece, gathered, starts)));
}

function hasNative({ channels }: ModelReading): boolean {
  return channels.some(({ native }) => native === true);
}

/** The minutes as spans; a few clear ones between two are fetched along. */
export function spansOf(minutes: Iterable<number>): readonly MinuteSpan[] {
  const spans: { from: number; to: number }[] = [];
  for (const minute of [...minutes].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && minute <= last.to + 2 && minute - last.from < mostByScrape)
      last.to = minute + 1;
    else spans.push({ from: minute, to: minute + 1 });
  }
  return spans;
}

async function countInTurns(
  { from, to }: MinuteSpan,
  parts: CountingParts,
  tracks: SeriesTracks,
  notes: Notes,
): Promise<readonly CountedLook[]> {
  const looks: CountedLook[] = [];
  for (let minute = from; minute < to; minute += looksPerTurn) {
    if (minute > from) await nextTurn();
    looks.push(
      ...countLooks({ from: minute, to: Math.min(to, minute + looksPerTurn) }, parts, tracks, notes),
    );
  }
  return looks;
}
