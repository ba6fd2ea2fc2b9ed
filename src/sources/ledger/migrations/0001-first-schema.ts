import type { Kysely, Migration } from 'kysely';
import type { LedgerDialect } from '../ledger-dialect.js';

/** The first schema: names, counts, joins, idempotency keys and the history of verdicts. */
export function firstSchema(dialect: LedgerDialect): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createNames(db, dialect);
      await createCounts(db);
      await createJoins(db, dialect);
      await createHistory(db, dialect);
    },
  };
}

async function createNames(db: Kysely<unknown>, dialect: LedgerDialect): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', 'integer', dialect.identity)
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('change_marker', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('models_by_name', ['namespace', 'name'])
    .execute();
  await db.schema
    .createTable('versions')
    .addColumn('id', 'integer', dialect.identity)
    .addColumn('model_id', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addUniqueConstraint('versions_by_name', ['model_id', 'name'])
    .execute();
  await db.schema
    .createTable('series')
    .addColumn('id', 'integer', dialect.identity)
    .addColumn('model_id', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addUniqueConstraint('series_by_name', ['model_id', 'role', 'name'])
    .execute();
  await db.schema
    .createTable('labels')
    .addColumn('series_id', 'integer', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('labels_by_number', ['series_id', 'number'])
    .addUniqueConstraint('labels_by_text', ['series_id', 'label'])
    .execute();
}

async function createCounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('minute_counts')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('minute', 'integer', (column) => column.notNull())
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('errors', 'bigint', (column) => column.notNull())
    .addColumn('latency', 'text')
    .addPrimaryKeyConstraint('minute_counts_key', ['version_id', 'minute'])
    .execute();
  await db.schema
    .createTable('prediction_counts')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('series_id', 'integer', (column) => column.notNull())
    .addColumn('minute', 'integer', (column) => column.notNull())
    .addColumn('bins', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('prediction_counts_key', ['version_id', 'series_id', 'minute'])
    .execute();
  await db.schema
    .createTable('outcome_counts')
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('series_id', 'integer', (column) => column.notNull())
    .addColumn('minute', 'integer', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('sum', 'double precision', (column) => column.notNull())
    .addColumn('sum_of_squares', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('outcome_counts_key', ['version_id', 'series_id', 'minute'])
    .execute();
  // Tells at once whether an outcome was recorded of late, whichever version it was for.
  await db.schema
    .createIndex('outcome_counts_by_minute')
    .on('outcome_counts')
    .columns(['series_id', 'minute'])
    .execute();
}

async function createJoins(db: Kysely<unknown>, dialect: LedgerDialect): Promise<void> {
  await db.schema
    .createTable('prediction_ids')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('version_id', 'integer', (column) => column.notNull())
    .addColumn('minute', 'integer', (column) => column.notNull())
    .addColumn('expires_minute', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('prediction_ids_by_expiry')
    .on('prediction_ids')
    .column('expires_minute')
    .execute();
  await db.schema
    .createTable('pending_outcomes')
    .addColumn('id', 'integer', dialect.identity)
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('series_id', 'integer', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addColumn('version_id', 'integer')
    .addColumn('minute', 'integer')
    .addColumn('expires_minute', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('pending_outcomes_by_key').on('pending_outcomes').column('key').execute();
  await db.schema
    .createIndex('pending_outcomes_by_expiry')
    .on('pending_outcomes')
    .column('expires_minute')
    .execute();
}

async function createHistory(db: Kysely<unknown>, dialect: LedgerDialect): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('body_hash', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('expires_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('idempotency_keys_by_expiry')
    .on('idempotency_keys')
    .column('expires_ms')
    .execute();
  await db.schema
    .createTable('verdicts')
    .addColumn('sequence', 'integer', dialect.identity)
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('canary', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('as_of_ms', 'bigint')
    .addColumn('recorded_ms', 'bigint', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addUniqueConstraint('verdicts_once', ['namespace', 'model', 'canary', 'id', 'step'])
    .execute();
  await db.schema.createIndex('verdicts_by_id').on('verdicts').column('id').execute();
  await db.schema
    .createIndex('verdicts_by_time')
    .on('verdicts')
    .columns(['recorded_ms', 'sequence'])
    .execute();
  await db.schema
    .createIndex('verdicts_by_model')
    .on('verdicts')
    .columns(['namespace', 'model', 'canary', 'recorded_ms'])
    .execute();
}
