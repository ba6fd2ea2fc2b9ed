import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.js';
import { transferSchema, transferTables, type TransferTable } from './transfer-tables.js';

/** Rows that are read at a time; so many are held in memory. */
const rowsPerPage = 500;

/** Lines that belong together, and how many rows they hold. */
export interface ExportPiece {
  readonly text: string;
  readonly rows: number;
}

/**
 * A ledger as lines of JSON: first what they are, then every row as a list of its table and its values, last how
 * many rows there were. The transaction decides of which moment they are.
 */
export async function* exportLines(transaction: Transaction<Tables>): AsyncGenerator<ExportPiece> {
  const tables = Object.fromEntries(transferTables.map(({ name, columns }) => [name, Object.keys(columns)]));
  yield { text: `${JSON.stringify({ schema: transferSchema, tables })}\n`, rows: 0 };
  const counts: Record<string, number> = {};
  for (const table of transferTables) {
    let count = 0;
    for await (const rows of pagesOf(transaction, table)) {
      count += rows.length;
      yield { text: rows.map((row) => lineOf(table, row)).join(''), rows: rows.length };
    }
    counts[table.name] = count;
  }
  yield { text: `${JSON.stringify({ end: true, rows: counts })}\n`, rows: 0 };
}

type Row = Readonly<Record<string, unknown>>;

async function* pagesOf(
  transaction: Transaction<Tables>,
  { name, columns, key }: TransferTable,
): AsyncGenerator<readonly Row[]> {
  const refs = (names: readonly string[]) => sql.join(names.map((column) => sql.ref(column)));
  let last: Row | undefined;
  for (;;) {
    const before = last;
    const after =
      before === undefined
        ? sql`true`
        : sql`(${refs(key)}) > (${sql.join(key.map((column) => before[column]))})`;
    const { rows } = await sql<Row>`
      select ${refs(Object.keys(columns))} from ${sql.table(name)}
      where ${after} order by ${refs(key)} limit ${sql.lit(rowsPerPage)}`.execute(transaction);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerPage) return;
    last = rows.at(-1);
  }
}

function lineOf({ name, columns }: TransferTable, row: Row): string {
  return `${JSON.stringify([name, ...Object.keys(columns).map((column) => row[column])])}\n`;
}
