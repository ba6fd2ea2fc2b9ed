import { minuteMs } from '../../looks/minutes.js';
import type { CountedLook } from './counted-look.js';
import type { CountingParts } from './counting-parts.js';
import type { CollectedSamples, GatheredSeries, Sample } from './gathered-samples.js';
import { toldGapMs, type NoteCode, type Notes } from './notes.js';
import { birthGraceMs, type WatchedProcess } from './process-starts.js';
import type { SeriesIdentity } from './sampled-series.js';
import type { SeriesTrack, SeriesTracks } from './series-tracks.js';
import { increaseOf, sizeOf, wholeOf, type Amount } from './value.js';

/** Where the counts of a look go. */
type Arms = CountedLook['arms'];

/** Counts one minute of some counters: those that share a process or a target with others of them, and with no others. */
export class LookCounter {
  readonly #minute: number;
  readonly #startMs: number;
  readonly #parts: CountingParts;
  readonly #tracks: SeriesTracks;
  readonly #notes: Notes;
  readonly #series: readonly GatheredSeries[];
  readonly #arms: Arms;
  /** Changes are seen by the series of the next look only: their order is not to matter. */
  readonly #changes: SeriesTrack[] = [];
  #isUnclear = false;

  constructor(
    { minute, arms }: CountedLook,
    series: readonly GatheredSeries[],
    parts: CountingParts,
    { tracks, notes }: { readonly tracks: SeriesTracks; readonly notes: Notes },
  ) {
    this.#minute = minute;
    this.#startMs = minute * minuteMs;
    this.#arms = arms;
    this.#series = series;
    this.#parts = parts;
    this.#tracks = tracks;
    this.#notes = notes;
  }

  /** Answers whether the look is unclear: what is known does not tell enough. */
  count(): boolean {
    for (const series of this.#series) this.#count(series);
    for (const track of this.#changes) this.#tracks.set(track);
    return this.#isUnclear;
  }

  #count(series: GatheredSeries): void {
    const { gathered, rules } = this.#parts;
    const track = this.#tracks.get(series.identity.key) ?? this.#shownBefore(series);
    if (track !== undefined && this.#goesOnCalmly(series, track)) return;
    const found = gathered.isByScrape(this.#minute)
      ? series.within(this.#minute, track?.replica, rules.scrapeIntervalMs)
      : series.endOf(this.#minute, track?.replica);
    // Of several collectors one may have stopped within the minute, which the ends do not tell.
    if (found !== undefined && series.isCollectedTwice) this.#clear();
    const last = found?.samples.at(-1);
    if (found === undefined || last === undefined) return;
    const { arm, channel, cell } = series.identity;
    const counts = this.#arms[arm];
    // Also a count of nothing says that the series is there.
    counts.add(channel, cell, typeof last.value === 'number' ? 0 : []);
    let kept = last;
    if (track === undefined) {
      const [first] = found.samples;
      if (first === undefined) return;
      if (this.#beginsCounted(series, first, found.replica)) counts.add(channel, cell, wholeOf(first.value));
      kept = this.#addIncreases(series, first, { ...found, samples: found.samples.slice(1) });
    } else {
      if (track.last.timeMs < this.#startMs - toldGapMs) this.#note('scrape-gap', last.timeMs, series);
      const process = { process: series.identity.process, replica: found.replica };
      if (
        track.last.timeMs < this.#startMs &&
        !this.#parts.starts.isRestarted(process, track.last.timeMs, last.timeMs)
      ) {
        counts.goOnSince(track.last.timeMs);
      }
      kept = this.#addIncreases(series, track.last, found);
    }
    this.#changes.push({ identity: series.identity, last: kept, replica: found.replica });
  }

  /** Where a counter stood that nobody has looked at, though it was there: it did not begin in this look. */
  #shownBefore(series: GatheredSeries): SeriesTrack | undefined {
    const { identity } = series;
    if (!this.#parts.gathered.isByScrape(this.#minute)) return undefined;
    const found = series.before(this.#minute, this.#startMs - birthGraceMs);
    return found === undefined ? undefined : { identity, ...found };
  }

  /** Counts a counter to which nothing has happened; answers whether it is one. */
  #goesOnCalmly(series: GatheredSeries, track: SeriesTrack): boolean {
    const { gathered, starts } = this.#parts;
    const { identity, onlyEnds } = series;
    const value = onlyEnds?.ends.get(this.#minute);
    if (onlyEnds === undefined || value === undefined || gathered.isByScrape(this.#minute)) return false;
    const { replica } = onlyEnds;
    const { last } = track;
    const isTold = last.timeMs < this.#startMs - toldGapMs;
    if (isTold || starts.hasRestarts({ process: identity.process, replica })) return false;
    const increase = increaseOf(last.value, value);
    if (increase === undefined) return false;
    this.#arms[identity.arm].add(identity.channel, identity.cell, increase);
    if (last.timeMs < this.#startMs) this.#arms[identity.arm].goOnSince(last.timeMs);
    this.#changes.push({ identity, last: { timeMs: this.#startMs + minuteMs, value }, replica });
    return true;
  }

  #note(code: NoteCode, atMs: number, series: GatheredSeries): void {
    this.#notes.add(code, atMs, series.identity.labels);
  }

  /** Adds what was counted from sample to sample; answers the one that the next is to be compared with. */
  #addIncreases(series: GatheredSeries, from: Sample, { samples, replica }: CollectedSamples): Sample {
    const { arm, channel, cell } = series.identity;
    const process = { process: series.identity.process, replica };
    let before = from;
    // Which process a sample is of: the one before it may be followed by a lower value, which is compared with it again.
    let beforeMs = from.timeMs;
    for (const sample of samples) {
      const isRestarted = this.#parts.starts.isRestarted(process, beforeMs, sample.timeMs);
      const increase = isRestarted ? undefined : increaseOf(before.value, sample.value);
      beforeMs = sample.timeMs;
      if (increase !== undefined) {
        this.#arms[arm].add(channel, cell, increase);
        before = sample;
        continue;
      }
      this.#clear();
      const whole = this.#afterDecrease(
        series,
        before,
        sample,
        isRestarted
          ? 'restarted'
          : this.#parts.rules.startsTellRestarts &&
              this.#parts.starts.startAt(process, sample.timeMs) !== undefined
            ? 'same'
            : 'unknown',
      );
      if (whole !== undefined) this.#arms[arm].add(channel, cell, whole);
      // After a dip the next values are compared with the highest one, else what is between would count twice.
      if (whole !== undefined || this.#parts.rules.aggregated) before = sample;
    }
    return { timeMs: beforeMs, value: before.value };
  }

  /** What a counter that went down has counted: all that it shows after a restart, nothing where it only dipped. */
  #afterDecrease(
    series: GatheredSeries,
    before: Sample,
    sample: Sample,
    process: 'restarted' | 'same' | 'unknown',
  ): Amount | undefined {
    if (this.#parts.rules.aggregated) {
      this.#note('sum-went-down', sample.timeMs, series);
      return undefined;
    }
    const [was, is] = [sizeOf(before.value), sizeOf(sample.value)];
    const isDip =
      process === 'same'
        ? is > dipOfKnown * was
        : process === 'unknown' && was > leastForDip && is > dipOfUnknown * was;
    if (isDip) {
      this.#note('went-down-without-restart', sample.timeMs, series);
      return undefined;
    }
    this.#note('process-restarted', sample.timeMs, series);
    return wholeOf(sample.value);
  }

  /** Whether the first value of a new series was counted while the target was watched: from zero, and not long ago. */
  #beginsCounted(series: GatheredSeries, first: Sample, replica: string): boolean {
    const counted = !this.#parts.rules.aggregated && this.#hasJustBegun(series, first, replica);
    // What comes after the first value within the look counts all the same.
    if (!counted) this.#clear();
    if (sizeOf(first.value) > 0) {
      this.#note(counted ? 'counted-from-birth' : 'first-value-not-counted', first.timeMs, series);
    }
    return counted;
  }

  #hasJustBegun(series: GatheredSeries, first: Sample, replica: string): boolean {
    const { identity } = series;
    const { starts } = this.#parts;
    const process = { process: identity.process, replica };
    if (this.#hasPredecessor(identity, first, process)) return false;
    const beganMs =
      starts.createdMs(identity.creation, first.timeMs) ?? starts.startAt(process, first.timeMs);
    if (beganMs !== undefined && beganMs >= this.#startMs - birthGraceMs) return true;
    // A new series beside others of its metric, which the scrape before had without it, began between the two.
    return this.#hasSibling(series, first.timeMs);
  }

  /** Says that the ends of the minutes do not tell enough, where nothing more is known of this one. */
  #clear(): void {
    if (!this.#parts.gathered.isByScrape(this.#minute)) this.#isUnclear = true;
  }

  /** Whether the same process showed the same counter under other labels until then: it was relabelled. */
  #hasPredecessor(identity: SeriesIdentity, first: Sample, process: WatchedProcess): boolean {
    const { gathered, starts } = this.#parts;
    const isSame = (other: SeriesIdentity, lastMs: number): boolean =>
      other.key !== identity.key &&
      other.channel === identity.channel &&
      other.cell === identity.cell &&
      lastMs >= this.#startMs - birthGraceMs &&
      !starts.isRestarted(process, lastMs, first.timeMs) &&
      !this.#wasWatchedBetween(other.process, lastMs, first.timeMs);
    for (const { identity: other, last } of this.#tracks.ofProcess(identity.process)) {
      if (isSame(other, last.timeMs) && !this.#goesOn(other.key, first.timeMs)) return true;
    }
    for (const other of gathered.ofProcess(identity.process)) {
      if (gathered.isByScrape(this.#minute)) {
        const lastMs = other.scrapeBefore(first.timeMs);
        if (lastMs === undefined || !isSame(other.identity, lastMs)) continue;
        if (!other.wasScrapedAt(first.timeMs)) return true;
      } else if (
        other.hasEnd(this.#minute) &&
        !other.hasEnd(this.#minute + 1) &&
        isSame(other.identity, first.timeMs)
      ) {
        // It ended in this look or a little later: only the scrapes tell whether the new one took its place.
        this.#clear();
      }
    }
    return false;
  }

  /** Whether a process showed any counters after one instant and before another. */
  #wasWatchedBetween(process: string, afterMs: number, beforeMs: number): boolean {
    const { gathered } = this.#parts;
    const isByScrape = gathered.isByScrape(this.#minute);
    for (const series of gathered.ofProcess(process)) {
      if (
        isByScrape
          ? (series.scrapeBefore(beforeMs) ?? -Infinity) > afterMs
          : afterMs < this.#startMs && series.hasEnd(this.#minute - 1)
      ) {
        return true;
      }
    }
    return false;
  }

  /** Whether a counter that was known before is still there when another one is first seen. */
  #goesOn(key: string, timeMs: number): boolean {
    const { gathered } = this.#parts;
    const series = gathered.get(key);
    if (series === undefined) return false;
    return gathered.isByScrape(this.#minute) ? series.wasScrapedAt(timeMs) : series.hasEnd(this.#minute);
  }

  #hasSibling({ identity }: GatheredSeries, timeMs: number): boolean {
    for (const other of this.#series) {
      const { key, target, family } = other.identity;
      if (key === identity.key || target !== identity.target || family !== identity.family) continue;
      if (!other.wasScrapedAt(timeMs)) continue;
      const track = this.#tracks.get(key);
      const wasThere = track !== undefined && track.last.timeMs >= timeMs - birthGraceMs;
      if (wasThere || other.scrapeBefore(timeMs) !== undefined) return true;
    }
    return false;
  }
}

/** A counter whose process is known to have gone on, and which is above this part of its old value, only dipped. */
const dipOfKnown = 0.5;

/** The same where nothing is known of its process. */
const dipOfUnknown = 0.9;
const leastForDip = 100;
