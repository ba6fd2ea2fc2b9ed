import { VerdictError } from '../../domain/errors.js';
import type { LedgerDialect } from './ledger-dialect.js';
import { defaultLedgerSettings, type Ledger, type LedgerSettings } from './ledger.js';
import { migrate } from './migrate.js';
import { SqlLedger } from './sql-ledger.js';
import { sqliteFile, sqliteMemory } from './sqlite-dialect.js';

/**
 * Opens the ledger in a folder, which is created where it does not exist. Fails with a VerdictError
 * (`invalid-config`) that says what is wrong: a folder that cannot be written, a file that is no ledger, a schema
 * of a newer version.
 */
export function openLedger(dataDirectory: string, settings: Partial<LedgerSettings> = {}): Promise<Ledger> {
  return openWith(sqliteFile(dataDirectory), settings);
}

/** Opens a ledger in memory: nothing is kept after it is closed. */
export function openMemoryLedger(settings: Partial<LedgerSettings> = {}): Promise<Ledger> {
  return openWith(sqliteMemory(), settings);
}

async function openWith(dialect: LedgerDialect, settings: Partial<LedgerSettings>): Promise<Ledger> {
  const connections = await dialect.open();
  try {
    await migrate(connections.writer, dialect);
  } catch (error) {
    await connections.reader.destroy();
    if (connections.reader !== connections.writer) await connections.writer.destroy();
    if (error instanceof VerdictError) throw error;
    const reason = dialect.explain(error);
    throw new VerdictError('invalid-config', `the schema of the ledger cannot be prepared: ${reason}`, [], {
      cause: error,
    });
  }
  return new SqlLedger(dialect, connections, { ...defaultLedgerSettings, ...settings });
}
