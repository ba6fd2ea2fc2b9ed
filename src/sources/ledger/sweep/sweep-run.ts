import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';
import type { Tables } from '../tables.js';
import type { Writer } from '../writer.js';

/** What a sweep works with. */
export interface SweepParts {
  readonly writer: Writer;
  readonly dialect: Pick<LedgerDialect, 'remote' | 'size' | 'contents'>;
  /** Whether the ledger is being closed: no further step is begun then. */
  readonly isStopped: () => boolean;
}

/** Removed rows by table. */
export type RemovedRows = Readonly<Partial<Record<keyof Tables, number>>>;

/**
 * Rows in one step. The embedded database works on the thread that answers requests, and rows of ids lie all over
 * their tables: so many take some milliseconds.
 */
const rowsPerStep = { embedded: 400, remote: 2000 };

/** The longest pause after a step. */
const longestPauseMs = 100;

/** Thrown instead of the next step of a sweep that was told to end. */
export class SweepStopped extends Error {}

/**
 * One sweep: its steps, each a transaction of its own, and what they have removed so far. Before every step the event
 * loop has a turn; with the embedded database each is followed by a pause of its own length, so that requests have at
 * least half of the time. Replicas that sweep the same database take turns step by step.
 */
export class SweepRun {
  readonly rowsPerStep: number;
  readonly #parts: SweepParts;
  readonly #removed = new Map<keyof Tables, number>();

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.rowsPerStep = parts.dialect.remote ? rowsPerStep.remote : rowsPerStep.embedded;
  }

  /** How many rows of some tables were removed. */
  removed(...tables: readonly (keyof Tables)[]): number {
    return tables.reduce((sum, table) => sum + (this.#removed.get(table) ?? 0), 0);
  }

  /** Runs a step. Throws {@link SweepStopped} instead where the sweep was told to end. */
  async step<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    await nextTurn();
    if (this.#parts.isStopped()) throw new SweepStopped();
    const { writer, dialect } = this.#parts;
    const begun = performance.now();
    const result = await writer.run(async (transaction) => {
      if (dialect.remote) await takeTurn(transaction);
      return work(transaction);
    });
    if (!dialect.remote) await pause(Math.min(performance.now() - begun, longestPauseMs));
    return result;
  }

  /** Runs a step that removes rows; answers how many of all tables. */
  async remove(work: (transaction: Transaction<Tables>) => Promise<RemovedRows>): Promise<number> {
    const rows = Object.entries(await this.step(work)) as [keyof Tables, number][];
    for (const [table, count] of rows) this.#removed.set(table, this.removed(table) + count);
    return rows.reduce((sum, [, count]) => sum + count, 0);
  }

  /** The numbers of a table in spans of as many as fit a step: `from` is within, `to` is not. */
  async *spans(table: 'models' | 'versions' | 'series'): AsyncGenerator<Span> {
    const last = await this.step((transaction) =>
      transaction
        .selectFrom(table)
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst(),
    );
    for (let from = 0; from <= (last?.id ?? -1); from += this.rowsPerStep) {
      yield { from, to: from + this.rowsPerStep };
    }
  }
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Waits for the step of another replica, which would otherwise remove the same rows, or find them gone. */
async function takeTurn(transaction: Transaction<Tables>): Promise<void> {
  await transaction
    .selectFrom('ledger_state')
    .select('number')
    .where('name', '=', 'sweep')
    .forUpdate()
    .execute();
}
