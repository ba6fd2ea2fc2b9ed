import { Migrator, type Kysely } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { LedgerDialect } from './ledger-dialect.js';
import { migrations } from './migrations/index.js';
import type { Tables } from './tables.js';

/**
 * Brings the schema up to date. Refuses a schema that a newer ml-verdict has written, before anything is changed:
 * an older one could only misread it. Several processes may do this at once: one of them does it, the others find
 * it done.
 */
export async function migrate(db: Kysely<Tables>, dialect: LedgerDialect): Promise<void> {
  const known = migrations(dialect);
  const schema = await dialect.schema(db);
  await refuseNewer(db, Object.keys(known), schema);
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

async function refuseNewer(
  db: Kysely<Tables>,
  known: readonly string[],
  schema: string | undefined,
): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const own = (table: { readonly name: string; readonly schema?: string }) =>
    table.name === 'kysely_migration' && (schema === undefined || table.schema === schema);
  if (!tables.some(own)) return;
  const migrated = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  const newer = migrated.map(({ name }) => name).sort();
  const unknown = newer.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new VerdictError(
      'invalid-config',
      `the ledger was written by a newer version of ml-verdict (its schema has "${unknown}", this version ends with "${known.at(-1) ?? 'none'}"): use that version, or another ${schema === undefined ? 'data folder' : 'database'}`,
    );
  }
}
