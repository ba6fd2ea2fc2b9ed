import type { Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';
import { firstSchema } from './0001-first-schema.js';
import { serversAndSweeps } from './0002-servers-and-sweeps.js';
import { lastingNumbers } from './0003-lasting-numbers.js';
import { rollbacksAndLongNames } from './0004-rollbacks-and-long-names.js';

/** Every migration by name, in the order in which they run. A migration that was released is never changed. */
export function migrations(dialect: LedgerDialect): Readonly<Record<string, Migration>> {
  const quickly = (migration: Migration): Migration => ({
    up: async (db) => {
      await dialect.migrateQuickly(db);
      await migration.up(db);
    },
  });
  return {
    '0001-first-schema': quickly(firstSchema(dialect)),
    '0002-servers-and-sweeps': quickly(serversAndSweeps(dialect)),
    '0003-lasting-numbers': quickly(lastingNumbers(dialect)),
    '0004-rollbacks-and-long-names': quickly(rollbacksAndLongNames(dialect)),
  };
}
