import { minuteMs } from '../../looks/minutes.js';

/** What had to be decided while counting that a reader of the verdict may want to know. */
export const noteCodes = [
  'counted-from-birth',
  'first-value-not-counted',
  'process-restarted',
  'went-down-without-restart',
  'sum-went-down',
  'scrape-gap',
] as const;

export type NoteCode = (typeof noteCodes)[number];

/** A gap in the scrapes from this length on is told. */
export const toldGapMs = 2.5 * minuteMs;

/** How often it happened, and one of the series. */
export interface Note {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly example: Readonly<Record<string, string>>;
}

/** Gathers notes by their code. */
export class Notes {
  readonly #notes = new Map<NoteCode, Note>();

  /** In whatever order: the example is the one that happened first. */
  add(code: NoteCode, atMs: number, example: Readonly<Record<string, string>>): void {
    const known = this.#notes.get(code) ?? { count: 0, firstMs: Infinity, lastMs: -Infinity, example };
    this.#notes.set(code, {
      count: known.count + 1,
      firstMs: Math.min(known.firstMs, atMs),
      lastMs: Math.max(known.lastMs, atMs),
      example: atMs < known.firstMs ? example : known.example,
    });
  }

  /** Takes what was noticed later. */
  addAll(later: Notes): void {
    for (const [code, note] of later.#notes) {
      const known = this.#notes.get(code);
      const count = (known?.count ?? 0) + note.count;
      this.#notes.set(code, { ...(known ?? note), count, lastMs: note.lastMs });
    }
  }

  list(): ReadonlyMap<NoteCode, Note> {
    return this.#notes;
  }
}
