import type { Kysely } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { LedgerDialect } from './ledger-dialect.js';
import { migrations } from './migrations/index.js';
import type { Tables } from './tables.js';

/** The names of the migrations that a database has been through; none where it is no ledger yet. */
async function migrated(db: Kysely<Tables>, schema: string | undefined): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const own = (table: { readonly name: string; readonly schema?: string }) =>
    table.name === 'kysely_migration' && (schema === undefined || table.schema === schema);
  if (!tables.some(own)) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map(({ name }) => name).sort();
}

/** Refuses a schema that a newer version has written: an older one could only misread it. */
export async function refuseNewer(db: Kysely<Tables>, dialect: LedgerDialect): Promise<void> {
  const schema = await dialect.schema(db);
  const known = Object.keys(migrations(dialect));
  const unknown = (await migrated(db, schema)).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new VerdictError(
    'invalid-config',
    `the ledger was written by a newer version of ml-verdict (its schema has "${unknown}", this version ends with "${known.at(-1) ?? 'none'}"): use that version, or another ${schema === undefined ? 'data folder' : 'database'}`,
  );
}

/** Refuses every schema but that of this version, and a database that is no ledger: for who may not change it. */
export async function requirePresent(db: Kysely<Tables>, dialect: LedgerDialect): Promise<void> {
  await refuseNewer(db, dialect);
  const schema = await dialect.schema(db);
  const done = await migrated(db, schema);
  if (done.length === 0) {
    throw new VerdictError(
      'not-found',
      `there is no ledger in this ${schema === undefined ? 'file' : 'database'}: it has no tables of one`,
    );
  }
  const missing = Object.keys(migrations(dialect)).find((name) => !done.includes(name));
  if (missing === undefined) return;
  throw new VerdictError(
    'invalid-config',
    `the ledger was written by an older version of ml-verdict (its schema lacks "${missing}"): use that version, or start the service of this one once, which brings the ledger up to date`,
  );
}
