import type { LedgerDialect } from './ledger-dialect.js';
import { defaultLedgerSettings, type Ledger, type LedgerSettings } from './ledger.js';
import { postgresDialect } from './postgres/postgres-dialect.js';
import { Preparation } from './preparation.js';
import { SqlLedger } from './sql-ledger.js';
import { sqliteFile, sqliteMemory } from './sqlite/sqlite-dialect.js';

/** Where a ledger is: a folder, or a PostgreSQL database by its URL. */
export type LedgerPlace = string | { readonly databaseUrl: string };

/**
 * Opens the ledger in a folder, which is created where it does not exist, or in a database. Fails with a VerdictError
 * (`invalid-config`) that says what is wrong: a folder that cannot be written, a file that is no ledger, a schema
 * of a newer version. A database server that is away is no failure: everything is `unavailable` until it comes.
 */
export function openLedger(place: LedgerPlace, settings: Partial<LedgerSettings> = {}): Promise<Ledger> {
  return openWith(dialectOf(place), settings);
}

/** How the database of a place is spoken with. */
export function dialectOf(place: LedgerPlace): LedgerDialect {
  return typeof place === 'string' ? sqliteFile(place) : postgresDialect(place.databaseUrl);
}

/** Opens a ledger in memory: nothing is kept after it is closed. */
export function openMemoryLedger(settings: Partial<LedgerSettings> = {}): Promise<Ledger> {
  return openWith(sqliteMemory(), settings);
}

async function openWith(dialect: LedgerDialect, settings: Partial<LedgerSettings>): Promise<Ledger> {
  const connections = await dialect.open();
  const preparation = new Preparation(dialect, connections);
  try {
    await preparation.begin();
  } catch (error) {
    preparation.stop();
    await connections.close();
    throw error;
  }
  return new SqlLedger(dialect, connections, preparation, { ...defaultLedgerSettings, ...settings });
}
