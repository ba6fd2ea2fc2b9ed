import { Migrator, type Kysely } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { LedgerDialect } from './ledger-dialect.js';
import { migrations } from './migrations/index.js';
import type { Tables } from './tables.js';

/**
 * Brings the schema up to date. Refuses a schema that a newer ml-verdict has written, before anything is changed:
 * an older one could only misread it.
 */
export async function migrate(db: Kysely<Tables>, dialect: LedgerDialect): Promise<void> {
  const known = migrations(dialect);
  await refuseNewer(db, Object.keys(known));
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(known) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw error instanceof Error ? error : new Error('the migration failed', { cause: error });
}

async function refuseNewer(db: Kysely<Tables>, known: readonly string[]): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return;
  const migrated = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  const newer = migrated.find(({ name }) => !known.includes(name));
  if (newer !== undefined) {
    throw new VerdictError(
      'invalid-config',
      `the ledger was written by a newer version of ml-verdict (its schema has "${newer.name}", this version ends with "${known.at(-1) ?? 'none'}"): use that version, or another data folder`,
    );
  }
}
