import { Migrator, type Kysely } from 'kysely';
import type { LedgerDialect } from './ledger-dialect.js';
import { migrations } from './migrations/index.js';
import { refuseNewer } from './schema-version.js';
import type { Tables } from './tables.js';

/**
 * Brings the schema up to date. Refuses a schema that a newer ml-verdict has written, before anything is changed:
 * an older one could only misread it. Several processes may do this at once: one of them does it, the others find
 * it done.
 */
export async function migrate(db: Kysely<Tables>, dialect: LedgerDialect): Promise<void> {
  const known = migrations(dialect);
  const schema = await dialect.schema(db);
  await refuseNewer(db, dialect);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(known) },
    // A database may be shared: the tables of others, in schemas of their own, are not taken for ours.
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw error instanceof Error ? error : new Error('the migration failed', { cause: error });
}
