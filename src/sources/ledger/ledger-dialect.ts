import type { ColumnDefinitionBuilder, Kysely, RawBuilder } from 'kysely';
import type { Tables } from './tables.js';

/** The open connections of a ledger. A database without concurrent readers gives one for all. */
export interface LedgerConnections {
  /** What changes anything; the work of one transaction never waits for a connection of {@link reader}. */
  readonly writer: Kysely<Tables>;
  /** Reads a state that stays the same within a transaction, also while the writer is busy. */
  readonly reader: Kysely<Tables>;
  /** Changes the schema, which may take longer than any other work. */
  readonly migrator: Kysely<Tables>;
  /** To be called once the schema is up to date: what only the migration needed is given up. */
  readonly migrated: () => Promise<void>;
  /**
   * Throws a VerdictError `unavailable` where what is written now would be lost: the database that is open is not
   * the one that the next start would find.
   */
  readonly verify: () => void;
  /** Closes all of them. */
  close(): Promise<void>;
}

/** What a failure of the database calls for. */
export type FailureKind =
  /** Other work was in the way: the same transaction, begun anew, may succeed. */
  | 'conflict'
  /** The database cannot be reached for now; nobody can say whether a commit under way has happened. */
  | 'away'
  /** A statement took longer than it may: the same again would only be more work for who has too much already. */
  | 'slow'
  /** Whatever else; the same again would most likely fail again. */
  | 'other';

/** Where the prediction of a join key was counted. */
export interface PlacedKey {
  readonly key: string;
  readonly versionId: number;
  readonly minute: number;
}

/** What a table holds. */
export interface TableContents {
  readonly name: keyof Tables;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What the ledger has to know of a database, and all that it knows: everything else goes through the query builder.
 * A further database is a further file that implements this.
 */
export interface LedgerDialect {
  /**
   * Opens the database, creating it where there is none. Throws a VerdictError that says what is wrong. Where the
   * database is {@link remote}, nothing is connected yet.
   */
  open(): Promise<LedgerConnections>;
  /**
   * The same for a ledger that is only read and stays as it is: nothing is created. Throws a VerdictError `not-found`
   * where there is none. Whether it has the tables of this version is not looked at.
   */
  openToRead(): Promise<LedgerConnections>;
  /** Whether the database is a server of its own, which may be away when the ledger is opened and come later. */
  readonly remote: boolean;
  /** How many transactions may write at the same time. */
  readonly writers: number;
  /** Turns an integer column into a primary key that the database counts up by itself. */
  readonly identity: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** What has to be done beside the common steps when the second schema is made. */
  readonly secondSchema: (db: Kysely<unknown>) => Promise<void>;
  /** The same for the third schema. */
  readonly thirdSchema: (db: Kysely<unknown>) => Promise<void>;
  /** The same for the fourth schema. */
  readonly fourthSchema: (db: Kysely<unknown>) => Promise<void>;
  /**
   * To be called in a migration before it changes anything: it fails with a `conflict` rather than wait long for what
   * others hold, since whoever comes after it waits for it.
   */
  readonly migrateQuickly: (db: Kysely<unknown>) => Promise<void>;
  /** The schema in which the tables are, where the database has several. */
  schema(db: Kysely<Tables>): Promise<string | undefined>;
  /** The bytes that the tables take, with their indexes. */
  size(db: Kysely<Tables>): Promise<number>;
  /**
   * About what the rows of the tables take, with their part of the indexes and without room that is free, where the files
   * stay as large as they are when rows are removed; absent where {@link size} tells what is left.
   */
  readonly contents?: (db: Kysely<Tables>) => Promise<readonly TableContents[]>;
  /**
   * Rows as something to select from, named `rows`, with the columns `key`, `version_id` and `minute`: a thousand rows in one
   * parameter or three, where a parameter for every value would take most of the time.
   */
  readonly keyedRows: (rows: readonly PlacedKey[]) => RawBuilder<unknown>;
  /** Lets a transaction take as long as it takes, also while nothing is asked of it. */
  readonly takeTime: (db: Kysely<Tables>) => Promise<void>;
  /** Moves on the numbers that the database counts up by itself, after rows with numbers of their own. */
  readonly continueNumbers: (db: Kysely<Tables>) => Promise<void>;
  /** What an error of the database means for a person; no SQL, no path, no host and no value in it. */
  explain(error: unknown): string;
  readonly failureKind: (error: unknown) => FailureKind;
  /** The error as a log may have it: the messages of a server name users, hosts and values. */
  readonly loggable: (error: unknown) => Error | undefined;
}
