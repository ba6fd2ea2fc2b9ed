import type { Kysely, Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';

/** The fourth schema: rollbacks that wait for nobody, names of any length, and many outcomes waiting under one id. */
export function rollbacksAndLongNames(dialect: LedgerDialect): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('rollback_marks')
        .addColumn('namespace', 'text', (column) => column.notNull())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('marker', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('rollback_marks_key', ['namespace', 'model'])
        .execute();
      // One after the other: a page of the outcomes of an id begins where the one before has ended.
      await db.schema.dropIndex('pending_outcomes_by_key').execute();
      await db.schema
        .createIndex('pending_outcomes_of_key')
        .on('pending_outcomes')
        .columns(['key', 'id'])
        .execute();
      await dialect.fourthSchema(db);
    },
  };
}
