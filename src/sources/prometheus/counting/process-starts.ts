import { minuteMs } from '../../looks/minutes.js';
import type { QuerySeries } from '../server/query.js';
import { creationOf, keyOf } from './sampled-series.js';

/** A process that began up to so long before its first sample is new: it takes a while to be found by a collector. */
export const birthGraceMs = 5 * minuteMs;

/** Start times further apart than this are of two processes: clocks are read with some jitter. */
const jitterMs = 2000;

/**
 * A process as one collector sees it. Others may have seen it restart at other times: their clocks and the times of their
 * scrapes differ.
 */
export interface WatchedProcess {
  readonly process: string;
  readonly replica: string;
}

/**
 * A new process begins after the old one was scraped last, by clocks that differ a little. A start that moves without that is
 * the same process: clients reckon it from the start of the machine, whose clock may be set.
 */
const clockSlackMs = 2 * minuteMs;

/** For so long two starts are told under the same labels only if two processes share them: nobody can say whose is meant. */
const sharedLabelsMs = minuteMs;

/** A start and when it was first told. */
interface ToldStart {
  readonly atMs: number;
  readonly startMs: number;
}

/** When processes and counters began, as their targets say themselves. */
export class ProcessStarts {
  readonly #processLabels: readonly string[];
  readonly #replicaLabels: readonly string[];
  /** By process and collector, ascending: only where it changes. */
  readonly #starts = new Map<string, Map<string, readonly ToldStart[]>>();
  readonly #created = new Map<string, number>();
  readonly #ambiguous = new Set<string>();

  constructor(processLabels: readonly string[], replicaLabels: readonly string[]) {
    this.#processLabels = processLabels;
    this.#replicaLabels = replicaLabels;
  }

  /**
   * Takes the answer for the metric that tells when a process began, in seconds. An answer tells what was scraped last;
   * where the instants of the answers are no further apart than scrapes it is that of every sample since the one before.
   */
  addStarts(answered: readonly QuerySeries[], stepMs = 1): void {
    const starts = new Map<string, { readonly process: string; readonly told: Map<number, number> }>();
    for (const { labels, timesMs, values } of answered) {
      const process = keyOf(this.#processLabels, labels);
      const replica = keyOf(this.#replicaLabels, labels);
      const known = starts.get(`${process}\0${replica}`);
      if (known !== undefined && differFor(known.told, timesMs, values) >= sharedLabelsMs) {
        this.#ambiguous.add(process);
      }
      const toldThen = known?.told ?? new Map<number, number>();
      timesMs.forEach((timeMs, index) => toldThen.set(timeMs, Number(values[index])));
      starts.set(`${process}\0${replica}`, { process, told: toldThen });
      const told = [...this.#toldOf({ process, replica })];
      timesMs.forEach((atMs, index) => {
        const value = values[index];
        if (typeof value !== 'number') return;
        const startMs = value * 1000;
        // Nothing is of a process that was scraped before that began, should scrapes be closer than they were said to be.
        told.push({ atMs: Math.max(atMs - stepMs + 1, Math.min(atMs, startMs - jitterMs)), startMs });
      });
      const changes = changesOf(told.sort((a, b) => a.atMs - b.atMs || a.startMs - b.startMs));
      const seen = this.#starts.get(process);
      if (seen === undefined) this.#starts.set(process, new Map([[replica, changes]]));
      else seen.set(replica, changes);
    }
  }

  /** Takes the answer for the `_created` series of the counters: when each of them began to count, in seconds. */
  addCreated(answered: readonly QuerySeries[]): void {
    for (const { labels, values } of answered) {
      const last = values.at(-1);
      if (typeof last === 'number') this.#created.set(creationOf(labels, this.#replicaLabels), last * 1000);
    }
  }

  /** When the process began that was there at an instant; undefined where nothing tells. */
  startAt(watched: WatchedProcess, atMs: number): number | undefined {
    if (this.#ambiguous.has(watched.process)) return undefined;
    let found: number | undefined;
    for (const told of this.#toldOf(watched)) {
      if (told.atMs > atMs) break;
      found = told.startMs;
    }
    return found;
  }

  /** When a counter that showed a value at an instant began to count; undefined where no `_created` series tells. */
  createdMs(creation: string, atMs: number): number | undefined {
    const createdMs = this.#created.get(creation);
    // What was created later is a later life of it.
    return createdMs !== undefined && createdMs <= atMs + jitterMs ? createdMs : undefined;
  }

  /** Whether another process had taken the place of one between two instants, as far as both have told their start. */
  isRestarted(watched: WatchedProcess, fromMs: number, toMs: number): boolean {
    if (!this.hasRestarts(watched)) return false;
    const before = this.startAt(watched, fromMs);
    const after = this.startAt(watched, toMs);
    if (before === undefined || after === undefined) return false;
    return after - before > jitterMs && after >= fromMs - clockSlackMs;
  }

  /** Whether there was more than one process, at any time. */
  hasRestarts(watched: WatchedProcess): boolean {
    return this.#toldOf(watched).length > 1;
  }

  #toldOf({ process, replica }: WatchedProcess): readonly ToldStart[] {
    return this.#starts.get(process)?.get(replica) ?? nothingTold;
  }
}

/** From the first to the last instant at which two answers told different starts, milliseconds; negative where none did. */
function differFor(
  told: ReadonlyMap<number, number>,
  timesMs: readonly number[],
  values: QuerySeries['values'],
): number {
  const times = timesMs.filter((timeMs, index) => {
    const other = told.get(timeMs);
    const own = values[index];
    return other !== undefined && typeof own === 'number' && Math.abs(own - other) * 1000 > jitterMs;
  });
  const [first = 0] = times;
  return (times.at(-1) ?? -1) - first;
}

const nothingTold: readonly ToldStart[] = [];

/** Only where another start is told than before. */
function changesOf(told: readonly ToldStart[]): readonly ToldStart[] {
  const changes: ToldStart[] = [];
  for (const start of told) {
    const last = changes.at(-1);
    if (last === undefined || Math.abs(start.startMs - last.startMs) > jitterMs) changes.push(start);
  }
  return changes;
}
