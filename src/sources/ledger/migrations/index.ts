import type { Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';
import { firstSchema } from './0001-first-schema.js';
import { serversAndSweeps } from './0002-servers-and-sweeps.js';

/** Every migration by name, in the order in which they run. A migration that was released is never changed. */
export function migrations(dialect: LedgerDialect): Readonly<Record<string, Migration>> {
  return {
    '0001-first-schema': firstSchema(dialect),
    '0002-servers-and-sweeps': serversAndSweeps(dialect),
  };
}
