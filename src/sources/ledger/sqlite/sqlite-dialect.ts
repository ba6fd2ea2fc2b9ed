import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  sql,
  type DatabaseConnection,
  type TransactionSettings,
} from 'kysely';
import Database from 'libsql';
import { VerdictError } from '../../../domain/errors.js';
import type { LedgerConnections, LedgerDialect } from '../ledger-dialect.js';
import type { Tables } from '../tables.js';
import { continueNumbers, keepNumbers } from './sqlite-numbers.js';

/** Everything that is particular to SQLite: opening it, its pragmas, its errors. */

const fileName = 'ledger.sqlite';

/**
 * How long another process's lock is waited for by standing still: long while the ledger is opened, when there is
 * nothing else to do, and hardly at all afterwards, since every request would stand still with it. Whoever writes
 * waits by itself and tries again.
 */
const busyTimeoutMs = { opening: 5000, open: 5 };

/** A ledger in a file of a folder, which is created where it does not exist. */
export function sqliteFile(dataDirectory: string): LedgerDialect {
  return {
    ...common,
    open: () =>
      Promise.resolve().then(() => {
        makeDirectory(dataDirectory);
        return openFile(dataDirectory, setUp);
      }),
    openToRead: () =>
      Promise.resolve().then(() => {
        if (statSync(join(dataDirectory, fileName), { throwIfNoEntry: false }) === undefined) {
          throw new VerdictError('not-found', `there is no ledger in "${dataDirectory}"`);
        }
        return openFile(dataDirectory, setUpToRead);
      }),
  };
}

/** A ledger in memory, gone when it is closed. */
export function sqliteMemory(): LedgerDialect {
  const open = (): Promise<LedgerConnections> => {
    const only = builderOver(new Database(':memory:'));
    return Promise.resolve({
      reader: only,
      writer: only,
      migrator: only,
      migrated: () => Promise.resolve(),
      verify: () => undefined,
      close: () => only.destroy(),
    });
  };
  return {
    ...common,
    open,
    openToRead: open,
  };
}

const common: Omit<LedgerDialect, 'open' | 'openToRead'> = {
  remote: false,
  writers: 1,
  identity: (column) => column.primaryKey(),
  secondSchema: () => Promise.resolve(),
  thirdSchema: keepNumbers,
  fourthSchema: () => Promise.resolve(),
  migrateQuickly: () => Promise.resolve(),
  schema: () => Promise.resolve(undefined),
  size: async (db) => {
    const { rows } = await sql<{ bytes: number }>`
      select (pages.page_count - free.freelist_count) * size.page_size as bytes
      from pragma_page_count() as pages, pragma_freelist_count() as free, pragma_page_size() as size`.execute(
      db,
    );
    return rows[0]?.bytes ?? 0;
  },
  keyedRows: (rows) => {
    const json = JSON.stringify(rows.map(({ key, versionId, minute }) => [key, versionId, minute]));
    return sql`(select value ->> 0 as key, value ->> 1 as version_id, value ->> 2 as minute from json_each(${json})) as rows`;
  },
  takeTime: () => Promise.resolve(),
  continueNumbers,
  explain: (error) => {
    const code = codeOf(error);
    const known = explanations.find(([prefix]) => code.startsWith(prefix));
    return known?.[1] ?? 'the database answered with an error';
  },
  failureKind: (error) => (codeOf(error).startsWith('SQLITE_BUSY') ? 'conflict' : 'other'),
  loggable: (error) => (error instanceof Error ? error : undefined),
};

const explanations: readonly (readonly [prefix: string, text: string])[] = [
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_BUSY', 'the database is locked by another process'],
  ['SQLITE_READONLY', 'the database is read-only'],
  ['SQLITE_CANTOPEN', 'the database file cannot be opened'],
  ['SQLITE_IOERR', 'the disk could not be read or written'],
  ['SQLITE_CORRUPT', 'the database file is damaged'],
  ['SQLITE_NOTADB', 'the file is no database'],
];

/** The codes of SQLite by number, for the extended ones that libsql has no name of. */
const primaryCodes: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return '';
  if (!error.code.startsWith('UNKNOWN_SQLITE_ERROR') || !('rawCode' in error)) return error.code;
  // The lowest byte of an extended code is the code that it extends.
  return primaryCodes[Number(error.rawCode) & 0xff] ?? error.code;
}

/** Sets a connection of a ledger up that is used and may be new. */
function setUp(database: Database.Database): void {
  // Readers go on while a batch is written.
  database.pragma('journal_mode = WAL');
  // What was answered is on the disk, not only with the operating system: it survives a loss of power.
  database.pragma('synchronous = FULL');
  // Ids fall all over their table: pages that are changed again and again are written home once.
  database.pragma('wal_autocheckpoint = 8000');
  // A large batch does not leave its log behind at its largest size.
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
}

/** Sets a connection up that changes nothing. */
function setUpToRead(database: Database.Database): void {
  database.pragma('query_only = on');
}

function openFile(dataDirectory: string, prepare: (database: Database.Database) => void): LedgerConnections {
  const path = join(dataDirectory, fileName);
  const opened: Database.Database[] = [];
  try {
    for (let connection = 0; connection < 2; connection++) {
      const database = new Database(path);
      opened.push(database);
      database.pragma(`busy_timeout = ${busyTimeoutMs.opening}`);
      prepare(database);
    }
    const [writer, reader] = opened;
    if (writer === undefined || reader === undefined) throw new Error('no connection');
    // So that the pages that it changes are not read again and again; negative: KiB.
    writer.pragma('cache_size = -16384');
    const builders = { writer: builderOver(writer), reader: builderOver(reader) };
    return {
      ...builders,
      migrator: builders.writer,
      migrated: () => {
        for (const database of opened) database.pragma(`busy_timeout = ${busyTimeoutMs.open}`);
        return Promise.resolve();
      },
      verify: watchFile(path),
      close: async () => {
        await builders.reader.destroy();
        await builders.writer.destroy();
      },
    };
  } catch (error) {
    for (const database of opened) database.close();
    const reason = common.explain(error);
    throw new VerdictError('invalid-config', `the ledger "${path}" cannot be opened: ${reason}`, [], {
      cause: error,
    });
  }
}

/**
 * Checks that a path is still the file that it is now. A database file that is deleted stays open, and takes
 * everything that is written to it along when it is closed.
 */
function watchFile(path: string): () => void {
  const opened = statSync(path, { bigint: true });
  return () => {
    const present = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (present?.dev === opened.dev && present.ino === opened.ino) return;
    throw new VerdictError(
      'unavailable',
      'the ledger file is gone: it was deleted or replaced while it was open; put it back or restart the service',
    );
  };
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const reason = directoryReasons[codeOf(error)] ?? 'it cannot be created';
    throw new VerdictError('invalid-config', `the data folder "${path}" cannot be used: ${reason}`, [], {
      cause: error,
    });
  }
}

const directoryReasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to create it',
  EPERM: 'no permission to create it',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file, expected a folder',
  ENOSPC: 'the disk is full',
};

function builderOver(database: Database.Database): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new LedgerSqliteDialect(database) });
}

class LedgerSqliteDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new LockingSqliteDriver(this.#database);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/**
 * Begins a transaction that writes by taking the lock. Another process is then waited for at this one place; a
 * statement in the middle of a transaction that met its lock would fail at once, and libsql leaves such a statement
 * open, which blocks the connection.
 */
class LockingSqliteDriver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override beginTransaction(_connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    return Promise.resolve().then(() => {
      this.#database.exec(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate');
    });
  }

  /** A full disk may have ended the transaction already; that there is none left must not hide the reason. */
  override rollbackTransaction(): Promise<void> {
    return Promise.resolve().then(() => {
      if (this.#database.inTransaction) this.#database.exec('rollback');
    });
  }
}

/** SQLite can undo the creation of tables, so a migration that is interrupted leaves nothing behind. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
