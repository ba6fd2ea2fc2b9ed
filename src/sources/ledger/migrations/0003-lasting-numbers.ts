import type { Kysely, Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';

/**
 * The third schema: what refers to a version or to an outcome is found at once, so that a sweep leaves alone what is in
 * use; and the number of a name that is gone is never given to another one.
 */
export function lastingNumbers(dialect: LedgerDialect): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      // One index for both what expires and what refers to a version: each further one costs every id.
      await db.schema.dropIndex('prediction_ids_by_expiry').execute();
      await db.schema
        .createIndex('prediction_ids_of_version')
        .on('prediction_ids')
        .columns(['version_id', 'expires_minute'])
        .execute();
      await db.schema
        .createIndex('pending_outcomes_by_series')
        .on('pending_outcomes')
        .columns(['series_id', 'version_id'])
        .execute();
      await dialect.thirdSchema(db);
      // Sweeps have nothing to remember any more; replicas take turns at the row of this name.
      const state = db.withTables<{ ledger_state: { name: string; number: number } }>();
      await state.deleteFrom('ledger_state').execute();
      await state.insertInto('ledger_state').values({ name: 'sweep', number: 0 }).execute();
    },
  };
}
