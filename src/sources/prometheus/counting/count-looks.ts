import { minuteMs } from '../../looks/minutes.js';
import { CountedArm, type CountedLook } from './counted-look.js';
import type { GatheredSamples, GatheredSeries, Sample } from './gathered-samples.js';
import { Notes, type NoteCode } from './notes.js';
import type { ProcessStarts } from './process-starts.js';
import type { SeriesTracks } from './series-tracks.js';
import { type SeriesTrack } from './series-tracks.js';
import { increaseOf, sizeOf, wholeOf, type Amount } from './value.js';

/** A process that began up to so long before its first sample is new: it takes a while to be found by a collector. */
const birthGraceMs = 5 * minuteMs;

/** A gap in the scrapes from this length on is told. */
const toldGapMs = 2.5 * minuteMs;

export interface CountingRules {
  /** The series are sums that somebody else made over pods that come and go. */
  readonly aggregated: boolean;
}

export interface CountingParts {
  readonly gathered: GatheredSamples;
  readonly starts: ProcessStarts;
  readonly rules: CountingRules;
}

/** Takes what counters showed before the first minute that is counted as where they stood. */
export function startFrom(minute: number, gathered: GatheredSamples, tracks: SeriesTracks): void {
  for (const series of gathered.series) {
    const found = series.before(minute, minute * minuteMs - birthGraceMs);
    if (found !== undefined) tracks.set({ identity: series.identity, ...found });
  }
}

/**
 * Counts minutes from what counters showed: for every counter the increase from its last value before to its last one
 * within, as a restart or a birth make it. What each counter showed last is kept in `tracks`. Nothing is estimated: a
 * count that is not known is left out, and noted.
 */
export function countLooks(
  minutes: { readonly from: number; readonly to: number },
  parts: CountingParts,
  tracks: SeriesTracks,
  notes: Notes,
): readonly CountedLook[] {
  const looks: CountedLook[] = [];
  for (let minute = minutes.from; minute < minutes.to; minute++) {
    const counter = new LookCounter(minute, parts, tracks, notes);
    for (const series of parts.gathered.series) counter.count(series);
    looks.push(counter.end());
  }
  return looks;
}

/** The minutes whose ends do not tell what happened within: they are to be fetched scrape by scrape. */
export function unclearMinutes(
  minutes: { readonly from: number; readonly to: number },
  parts: CountingParts,
  tracks: SeriesTracks,
): readonly number[] {
  const copy = tracks.copy();
  const notes = new Notes();
  const unclear: number[] = [];
  for (let minute = minutes.from; minute < minutes.to; minute++) {
    const counter = new LookCounter(minute, parts, copy, notes);
    for (const series of parts.gathered.series) counter.count(series);
    counter.end();
    if (counter.isUnclear && !parts.gathered.isByScrape(minute)) unclear.push(minute);
  }
  return unclear;
}

class LookCounter {
  readonly #minute: number;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #parts: CountingParts;
  readonly #tracks: SeriesTracks;
  readonly #notes: Notes;
  readonly #arms = { canary: new CountedArm(), stable: new CountedArm() };
  /** Changes are seen by the series of the next look only: their order is not to matter. */
  readonly #changes: SeriesTrack[] = [];
  isUnclear = false;

  constructor(minute: number, parts: CountingParts, tracks: SeriesTracks, notes: Notes) {
    this.#minute = minute;
    this.#startMs = minute * minuteMs;
    this.#endMs = (minute + 1) * minuteMs;
    this.#parts = parts;
    this.#tracks = tracks;
    this.#notes = notes;
  }

  count(series: GatheredSeries): void {
    const track = this.#tracks.get(series.identity.key);
    const byScrape = this.#parts.gathered.isByScrape(this.#minute);
    const found = byScrape
      ? series.within(this.#minute, track?.replica)
      : series.endOf(this.#minute, track?.replica);
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
      if (this.#beginsCounted(series, first)) counts.add(channel, cell, wholeOf(first.value));
      kept = this.#addIncreases(series, first, found.samples.slice(1));
    } else {
      if (track.last.timeMs < this.#startMs - toldGapMs) this.#note('scrape-gap', last.timeMs, series);
      kept = this.#addIncreases(series, track.last, found.samples);
    }
    this.#changes.push({ identity: series.identity, last: kept, replica: found.replica });
  }

  end(): CountedLook {
    for (const track of this.#changes) this.#tracks.set(track);
    return { minute: this.#minute, arms: this.#arms };
  }

  #note(code: NoteCode, atMs: number, series: GatheredSeries): void {
    this.#notes.add(code, atMs, series.identity.labels);
  }

  /** Adds what was counted from sample to sample; answers the one that the next is to be compared with. */
  #addIncreases(series: GatheredSeries, from: Sample, samples: readonly Sample[]): Sample {
    const { arm, channel, cell, process } = series.identity;
    const byScrape = this.#parts.gathered.isByScrape(this.#minute);
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
      if (!byScrape) this.isUnclear = true;
      const whole = this.#afterDecrease(series, before, sample, isRestarted);
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
    isRestarted: boolean,
  ): Amount | undefined {
    if (this.#parts.rules.aggregated) {
      this.#note('sum-went-down', sample.timeMs, series);
      return undefined;
    }
    if (!isRestarted) {
      const isKnown = this.#parts.starts.startAt(series.identity.process, sample.timeMs) !== undefined;
      const [was, is] = [sizeOf(before.value), sizeOf(sample.value)];
      const isDip = isKnown ? is > dipOfKnown * was : was > leastForDip && is > dipOfUnknown * was;
      if (isDip) {
        this.#note('went-down-without-restart', sample.timeMs, series);
        return undefined;
      }
    }
    this.#note('process-restarted', sample.timeMs, series);
    return wholeOf(sample.value);
  }

  /** Whether the first value of a new series was counted while the target was watched: from zero, and not long ago. */
  #beginsCounted(series: GatheredSeries, first: Sample): boolean {
    const { identity } = series;
    const { starts, gathered, rules } = this.#parts;
    const isCounted = (): boolean => {
      if (rules.aggregated) return false;
      const createdMs = starts.createdMs(identity.creation);
      const startMs = starts.startAt(identity.process, first.timeMs);
      const isNewProcess =
        startMs !== undefined && starts.startAt(identity.process, this.#startMs) !== startMs;
      const isRelabelled =
        !isNewProcess && this.#tracks.hasPredecessor(identity, this.#startMs - birthGraceMs);
      if (isRelabelled) return false;
      const beganMs = createdMs ?? startMs;
      if (beganMs !== undefined && beganMs >= this.#startMs - birthGraceMs) return true;
      // A new series beside others of its metric, which the scrape before had without it, began between the two.
      if (!gathered.isByScrape(this.#minute)) {
        if (this.#tracks.hasSiblings(identity)) this.isUnclear = true;
        return false;
      }
      return this.#hasSibling(series, first.timeMs);
    };
    const counted = isCounted();
    if (sizeOf(first.value) > 0) {
      this.#note(counted ? 'counted-from-birth' : 'first-value-not-counted', first.timeMs, series);
    }
    return counted;
  }

  #hasSibling({ identity }: GatheredSeries, timeMs: number): boolean {
    for (const other of this.#parts.gathered.series) {
      const { key, target, family } = other.identity;
      if (key === identity.key || target !== identity.target || family !== identity.family) continue;
      if (!other.wasScrapedAt(timeMs)) continue;
      const track = this.#tracks.get(key);
      const wasThere = track !== undefined && track.last.timeMs >= timeMs - birthGraceMs;
      if (wasThere || other.wasScrapedBefore(timeMs)) return true;
    }
    return false;
  }
}

/** A counter whose process is known to have gone on, and which is above this part of its old value, only dipped. */
const dipOfKnown = 0.5;

/** The same where nothing is known of its process. */
const dipOfUnknown = 0.9;
const leastForDip = 100;
