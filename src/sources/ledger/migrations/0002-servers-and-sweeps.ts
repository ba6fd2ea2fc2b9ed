import { sql, type Kysely, type Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';

/**
 * The second schema: what a database server needs beside the first, and indexes for questions that would otherwise
 * take the longer the more there is.
 */
export function serversAndSweeps(dialect: LedgerDialect): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await dialect.secondSchema(db);
      // When a canary was told to roll back, whatever else was said of it.
      await db.schema
        .createIndex('verdicts_rollbacks')
        .on('verdicts')
        .columns(['namespace', 'model', 'canary', 'as_of_ms'])
        .where(sql.ref('verdict'), '=', sql.lit('rollback'))
        .execute();
      // Pages of the history: of a model, of one of its canaries, or of the rollbacks, in the order of a page.
      await db.schema.dropIndex('verdicts_by_model').execute();
      await db.schema
        .createIndex('verdicts_of_model')
        .on('verdicts')
        .columns(['model', 'recorded_ms', 'sequence'])
        .execute();
      await db.schema
        .createIndex('verdicts_of_canary')
        .on('verdicts')
        .columns(['model', 'canary', 'recorded_ms', 'sequence'])
        .execute();
      await db.schema
        .createIndex('verdicts_rollbacks_by_time')
        .on('verdicts')
        .columns(['recorded_ms', 'sequence'])
        .where(sql.ref('verdict'), '=', sql.lit('rollback'))
        .execute();
      // Since when a name has no counts: ids and waiting outcomes may refer to it for a while.
      for (const table of ['versions', 'series']) {
        await db.schema.alterTable(table).addColumn('empty_since_ms', 'bigint').execute();
      }
      // What the sweep has to remember between two times, for all replicas.
      await db.schema
        .createTable('ledger_state')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('number', 'double precision', (column) => column.notNull())
        .execute();
    },
  };
}
