import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** The open connections of a ledger. A database without concurrent readers gives one for both. */
export interface LedgerConnections {
  /** The one connection that changes anything. */
  readonly writer: Kysely<Tables>;
  /** Reads a state that stays the same within a transaction, also while the writer is busy. */
  readonly reader: Kysely<Tables>;
  /**
   * Throws a VerdictError `unavailable` where what is written now would be lost: the database that is open is not
   * the one that the next start would find.
   */
  readonly verify: () => void;
}

/**
 * What the ledger has to know of a database, and all that it knows: everything else goes through the query builder.
 * A second database is a second file that implements this.
 */
export interface LedgerDialect {
  /** Opens the database, creating it where there is none. Throws a VerdictError that says what is wrong. */
  open(): Promise<LedgerConnections>;
  /** Turns an integer column into a primary key that the database counts up by itself. */
  readonly identity: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** What an error of the database means for a person; no SQL, no path and no value in it. */
  explain(error: unknown): string;
}
