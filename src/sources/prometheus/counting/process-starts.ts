import type { QuerySeries } from '../server/query.js';
import { creationOf, keyOf } from './sampled-series.js';

/** Start times further apart than this are of two processes: clocks are read with some jitter. */
const jitterMs = 2000;

/**
 * A process as one collector sees it. Others may have seen it restart at other times: their clocks and the times of their
 * scrapes differ.
 */
export function watched(process: string, replica: string): string {
  return `${process}\0${replica}`;
}

/** A start and when it was first told. */
interface ToldStart {
  readonly atMs: number;
  readonly startMs: number;
}

/** When processes and counters began, as their targets say themselves. */
export class ProcessStarts {
  readonly #processLabels: readonly string[];
  readonly #replicaLabels: readonly string[];
  /** By watched process, ascending: only where it changes. */
  readonly #starts = new Map<string, readonly ToldStart[]>();
  readonly #created = new Map<string, number>();

  constructor(processLabels: readonly string[], replicaLabels: readonly string[]) {
    this.#processLabels = processLabels;
    this.#replicaLabels = replicaLabels;
  }

  /**
   * Takes the answer for the metric that tells when a process began, in seconds. An answer tells what was scraped last;
   * where the instants of the answers are no further apart than scrapes it is that of every sample since the one before.
   */
  addStarts(answered: readonly QuerySeries[], stepMs = 1): void {
    for (const { labels, timesMs, values } of answered) {
      const process = watched(keyOf(this.#processLabels, labels), keyOf(this.#replicaLabels, labels));
      const told = [...(this.#starts.get(process) ?? [])];
      timesMs.forEach((atMs, index) => {
        const value = values[index];
        if (typeof value === 'number') told.push({ atMs: atMs - stepMs + 1, startMs: value * 1000 });
      });
      this.#starts.set(process, changesOf(told.sort((a, b) => a.atMs - b.atMs || a.startMs - b.startMs)));
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
  startAt(process: string, atMs: number): number | undefined {
    const known = this.#starts.get(process);
    if (known === undefined) return undefined;
    let found: number | undefined;
    for (const told of known) {
      if (told.atMs > atMs) break;
      found = told.startMs;
    }
    return found;
  }

  /** When a counter began to count; undefined where it has no `_created` series. */
  createdMs(creation: string): number | undefined {
    return this.#created.get(creation);
  }

  /** Whether another process had taken the place of one between two instants, as far as both have told their start. */
  isRestarted(process: string, fromMs: number, toMs: number): boolean {
    const before = this.startAt(process, fromMs);
    const after = this.startAt(process, toMs);
    return before !== undefined && after !== undefined && Math.abs(after - before) > jitterMs;
  }
}

/** Only where another start is told than before. */
function changesOf(told: readonly ToldStart[]): readonly ToldStart[] {
  const changes: ToldStart[] = [];
  for (const start of told) {
    const last = changes.at(-1);
    if (last === undefined || Math.abs(start.startMs - last.startMs) > jitterMs) changes.push(start);
  }
  return changes;
}
