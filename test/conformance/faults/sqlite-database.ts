import Database from 'libsql';
import { join } from 'node:path';
import type { AskDatabase } from './stored-minutes.js';

/** Asks the file of an embedded ledger, as another process beside the program. */
export function askSqlite(folder: string): AskDatabase {
  return (sql) =>
    Promise.resolve().then(() => {
      const database = new Database(join(folder, 'ledger.sqlite'));
      try {
        database.pragma('busy_timeout = 5000');
        return database.prepare(sql).all() as readonly Readonly<Record<string, unknown>>[];
      } finally {
        database.close();
      }
    });
}
