import type { LedgerDialect, TableContents } from '../ledger-dialect.js';
import type { SweepRun } from './sweep-run.js';

/**
 * How many bytes what is kept takes. Where the files tell, they are asked; where they stay as large as they are when
 * rows are removed, the contents are estimated, and the rows that the sweep has removed since are taken off.
 */
export class UsedBytes {
  readonly #run: SweepRun;
  readonly #dialect: Pick<LedgerDialect, 'size' | 'contents'>;
  readonly #trustedBytes: number;
  #estimate: { readonly bytes: number; readonly tables: readonly CountedTable[] } | undefined;

  /** After so many removed bytes the contents are estimated anew: other replicas remove and add rows, too. */
  constructor(run: SweepRun, dialect: Pick<LedgerDialect, 'size' | 'contents'>, trustedBytes: number) {
    this.#run = run;
    this.#dialect = dialect;
    this.#trustedBytes = trustedBytes;
  }

  /** The bytes as of now. */
  async now(): Promise<number> {
    if (this.#estimate === undefined) return this.measured();
    const removed = this.#estimate.tables.reduce(
      (sum, { name, bytesPerRow, removedThen }) =>
        sum + bytesPerRow * (this.#run.removed(name) - removedThen),
      0,
    );
    return removed > this.#trustedBytes ? this.measured() : this.#estimate.bytes - removed;
  }

  /** The same, measured or estimated anew. */
  async measured(): Promise<number> {
    const { contents, size } = this.#dialect;
    if (contents === undefined) return this.#run.step((transaction) => size(transaction));
    const tables = await this.#run.step(contents);
    const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
    this.#estimate = { bytes, tables: tables.map((table) => this.#counted(table)) };
    return bytes;
  }

  #counted({ name, rows, bytes }: TableContents): CountedTable {
    return { name, bytesPerRow: rows === 0 ? 0 : bytes / rows, removedThen: this.#run.removed(name) };
  }
}

interface CountedTable {
  readonly name: TableContents['name'];
  readonly bytesPerRow: number;
  /** How many of its rows the sweep had removed when it was estimated. */
  readonly removedThen: number;
}
