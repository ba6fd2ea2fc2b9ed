import { setImmediate as nextTurn } from 'node:timers/promises';
import { maximumBeforeLooks } from '../../../domain/observations.js';
import { countGroups, startFrom, type CountingParts } from '../counting/count-looks.js';
import type { CountedLook } from '../counting/counted-look.js';
import { GatheredSamples } from '../counting/gathered-samples.js';
import { Notes } from '../counting/notes.js';
import { ProcessStarts } from '../counting/process-starts.js';
import { QuantileLooks } from '../counting/quantile-looks.js';
import { SeriesTracks } from '../counting/series-tracks.js';
import type { MinuteSpan } from '../../looks/judged-span.js';
import { minuteMs } from '../../looks/minutes.js';
import type { LookFetcher, NewestScrapes } from './look-fetcher.js';
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
  /** As it was with the last fetch. */
  readonly newest: NewestScrapes;
}

/** So many looks are fetched before it is known when the canary began: most canaries are younger. */
const guessedLooks = 60 + maximumBeforeLooks;

/** Up to so many new looks are fetched scrape by scrape at once. */
const fewLooks = 10;

/** Where more stretches than this are unclear, all of the time is fetched scrape by scrape. */
const mostSpans = 12;

/** Minutes that are fetched scrape by scrape in one query at most. */
const mostByScrape = 120;

/** So many values are counted between two turns of the event loop: some milliseconds. */
const valuesPerTurn = 100_000;

/**
 * Counts a canary's looks for the first time, from its first traffic in the span on and with some looks before it.
 * Undefined where it has no series there.
 */
export async function countFirst(
  fetcher: LookFetcher,
  reading: ModelReading,
  span: MinuteSpan,
  atMs: number,
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
  const [presence, newest, guessedResets] = await Promise.all([
    fetcher.presence(span),
    fetcher.newestScrapes(atMs),
    everything(guess),
  ]);
  if (presence.size === 0) return undefined;
  const from = Math.max(widest, Math.min(...presence) - maximumBeforeLooks);
  const resets = new Set(guessedResets);
  if (from < guess.from) {
    for (const minute of await everything({ from, to: guess.from })) resets.add(minute);
  }
  const counted = { from, to: completeTo(span.to, newest) ?? Math.max(...presence) + 1 };
  const parts = { gathered, starts, rules: rulesOf(reading) };
  if (hasNative(reading)) await fetchByScrape(fetcher, counted, parts);
  const tracks = new SeriesTracks();
  startFrom(from, gathered, tracks);
  return {
    searchedFrom: span.from,
    span: counted,
    ...(await countClearly(fetcher, counted, parts, tracks, resets)),
    starts,
    quantiles,
    newest,
  };
}

/**
 * The first minute that is not yet complete, `to` at the latest: something was scraped after the end of those before it.
 * What has not reached the server is not to be counted as nothing. Undefined where nothing was scraped lately.
 */
function completeTo(to: number, { canary, stable }: NewestScrapes): number | undefined {
  const newestMs = Math.max(canary ?? -Infinity, stable ?? -Infinity);
  return newestMs === -Infinity ? undefined : Math.min(to, Math.floor(newestMs / minuteMs));
}

/**
 * Counts the looks that are new since, and forgets those that are too old for a search from a minute on. What was kept stays as it is; where the fetch fails nothing has happened.
 */
export async function countMore(
  fetcher: LookFetcher,
  reading: ModelReading,
  kept: KeptLooks,
  wanted: { readonly to: number; readonly searchedFrom: number; readonly atMs: number },
): Promise<KeptLooks> {
  const { searchedFrom } = wanted;
  const keptFrom = searchedFrom - maximumBeforeLooks;
  const span = { from: kept.span.to, to: wanted.to };
  const gathered = new GatheredSamples();
  const parts = { gathered, starts: kept.starts, rules: rulesOf(reading) };
  const length = span.to - span.from;
  const isShort = length <= fewLooks || (hasNative(reading) && length <= mostByScrape);
  const [newest, resets] = await Promise.all([
    fetcher.newestScrapes(wanted.atMs),
    isShort ? new Set<number>() : fetcher.resets(span),
    isShort ? fetcher.samples(span, gathered, kept.starts) : fetcher.ends(span, gathered),
    isShort ? fetcher.created(span, kept.starts) : fetcher.starts(span, kept.starts),
    fetcher.summaries(span, kept.quantiles),
  ]);
  const counted = { from: span.from, to: Math.max(span.from, completeTo(span.to, newest) ?? span.from) };
  const { looks, tracks, notes } = await countClearly(fetcher, counted, parts, kept.tracks, resets);
  kept.notes.addAll(notes);
  tracks.forgetBefore(keptFrom);
  kept.quantiles.forgetBefore(keptFrom);
  return {
    ...kept,
    searchedFrom: Math.max(kept.searchedFrom, searchedFrom),
    span: { from: Math.max(kept.span.from, keptFrom), to: counted.to },
    looks: [...kept.looks.filter(({ minute }) => minute >= keptFrom), ...looks],
    tracks,
    newest: newest.intervalMs === undefined ? { ...kept.newest, ...newest } : newest,
  };
}

function rulesOf({
  queries: { aggregated, scrapeIntervalMs, startTime },
}: ModelReading): CountingParts['rules'] {
  return { aggregated, scrapeIntervalMs, startsTellRestarts: startTime.metric !== 'kube_pod_start_time' };
}

/** Counted looks, where the counters stood after them, and what was noticed. */
interface Counted {
  readonly looks: readonly CountedLook[];
  readonly tracks: SeriesTracks;
  readonly notes: Notes;
}

/** Counts minutes; those of which the ends do not tell enough are fetched scrape by scrape first. */
async function countClearly(
  fetcher: LookFetcher,
  span: MinuteSpan,
  parts: CountingParts,
  before: SeriesTracks,
  resets: ReadonlySet<number>,
): Promise<Counted> {
  const first = await countInTurns(span, parts, before);
  const unclear = new Set(first.unclear);
  for (const minute of resets) {
    if (minute >= span.from && minute < span.to && !parts.gathered.isByScrape(minute)) unclear.add(minute);
  }
  if (unclear.size === 0) return first;
  const spans = spansOf(unclear);
  if (spans.length <= mostSpans) {
    await fetchSpans(fetcher, spans, parts);
    const second = await countInTurns(span, parts, before);
    if (second.unclear.length === 0) return second;
  }
  // What is known now may show more: then all of it is fetched so.
  await fetchByScrape(fetcher, span, parts);
  return countInTurns(span, parts, before);
}

/** Two at a time: each is a query of every channel, and others want the server as well. */
async function fetchSpans(
  fetcher: LookFetcher,
  spans: readonly MinuteSpan[],
  { gathered, starts }: CountingParts,
): Promise<void> {
  const left = [...spans];
  const fetchNext = async (): Promise<void> => {
    for (let span = left.shift(); span !== undefined; span = left.shift()) {
      await fetcher.samples(span, gathered, starts);
    }
  };
  await Promise.all([fetchNext(), fetchNext()]);
}

async function fetchByScrape(fetcher: LookFetcher, span: MinuteSpan, parts: CountingParts): Promise<void> {
  const pieces: MinuteSpan[] = [];
  for (let from = span.from; from < span.to; from += mostByScrape) {
    pieces.push({ from, to: Math.min(span.to, from + mostByScrape) });
  }
  await fetchSpans(fetcher, pieces, parts);
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

/** Counts without keeping others waiting for long. What is unclear is in no count. */
async function countInTurns(
  span: MinuteSpan,
  parts: CountingParts,
  before: SeriesTracks,
): Promise<Counted & { readonly unclear: readonly number[] }> {
  const [tracks, notes] = [before.copy(), new Notes()];
  const counting = countGroups(span, parts, tracks, notes);
  let counted = 0;
  for (;;) {
    const { done, value } = counting.next();
    if (done === true) return { ...value, tracks, notes };
    counted += value;
    if (counted < valuesPerTurn) continue;
    counted = 0;
    await nextTurn();
  }
}
