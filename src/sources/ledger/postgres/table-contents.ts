import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { TableContents } from '../ledger-dialect.js';
import { tableNames, type Tables } from '../tables.js';

/** So many pages of a table are looked at: the estimate is off by two percent or so. */
const pagesToRead = 2000;

/** The head of a row, and that of an entry of an index. */
const headBytes = { row: 24, entry: 8 };

/** What points at each of them. */
const pointerBytes = 4;

/** An entry of an index whose value many rows share: they are held as one list. */
const sharedEntryBytes = 8;

/** Entries of an index fill its pages to about this part where they come in no order. */
const indexFill = 0.7;

/**
 * About what the rows that are there take, each table's with those of its indexes. Rows that are gone leave the files
 * as large as they are until others take their place, so the files do not tell; some pages of each are read instead.
 */
export async function tableContents(db: Kysely<Tables>): Promise<readonly TableContents[]> {
  const names = sql.join(tableNames.map((name) => sql.lit(name)));
  const { rows } = await sql<StoredTable>`
    select pg_class.relname as name,
      pg_relation_size(pg_class.oid) / current_setting('block_size')::bigint as pages,
      (select json_agg(attname) from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns,
      (select json_agg(json_build_object(
          'isShared', not indisunique and (select bool_and(atttypid = 'int4'::regtype) from pg_attribute
            where attrelid = pg_class.oid and attnum = any (pg_index.indkey)),
          'columns', (select coalesce(json_agg(attname), '[]') from pg_attribute
            where attrelid = pg_class.oid and attnum = any (pg_index.indkey))))
        from pg_index where indrelid = pg_class.oid) as indexes
    from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname in (${names})`.execute(
    db,
  );
  const contents: TableContents[] = [];
  for (const table of rows) contents.push(await contentsOf(db, table));
  return contents;
}

interface StoredTable {
  readonly name: TableContents['name'];
  readonly pages: number;
  readonly columns: readonly string[];
  readonly indexes: readonly StoredIndex[] | null;
}

interface StoredIndex {
  /** Of numbers that many rows have in common: the minute in which something expires, the version that it is of. */
  readonly isShared: boolean;
  readonly columns: readonly string[];
}

async function contentsOf(
  db: Kysely<Tables>,
  { name, pages, columns, indexes }: StoredTable,
): Promise<TableContents> {
  const share = Math.min(1, pagesToRead / Math.max(pages, 1));
  const entries = (indexes ?? []).map(({ isShared, columns: indexed }) => {
    const entry = isShared ? sql.lit(sharedEntryBytes) : aligned(headBytes.entry, indexed);
    return sql`${entry} / ${sql.lit(indexFill)}`;
  });
  const bytesOfRow = sql.join([aligned(headBytes.row, columns), ...entries], sql` + `);
  const { rows } = await sql<{ rows: number; bytes: number }>`
    select count(*) as rows, coalesce(sum(${bytesOfRow}), 0)::bigint as bytes
    from ${sql.table(name)} tablesample system (${sql.lit(share * 100)})`.execute(db);
  const { rows: seen, bytes } = rows[0] ?? { rows: 0, bytes: 0 };
  return { name, rows: seen / share, bytes: bytes / share };
}

/** The bytes of some columns behind a head, in pieces of eight as the pages hold them, and of what points there. */
function aligned(head: number, columns: readonly string[]): RawBuilder<unknown> {
  const values = columns.map((column) => sql`coalesce(pg_column_size(${sql.ref(column)}), 0)`);
  return sql`((${sql.join([sql.lit(head + 7), ...values], sql` + `)}) / 8 * 8 + ${sql.lit(pointerBytes)})`;
}
