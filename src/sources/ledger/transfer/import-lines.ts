import { sql, type Transaction } from 'kysely';
import { VerdictError } from '../../../domain/errors.js';
import type { Tables } from '../tables.js';
import type { ImportedRow } from './imported-row.js';
import { LineReader } from './line-reader.js';
import { transferTables, type TransferTable } from './transfer-tables.js';

/** Rows that are written at a time. */
const rowsPerStatement = 500;

/**
 * Writes the lines of an export into an empty ledger; answers how many rows that were. Throws a VerdictError
 * `invalid-input` for lines that are no whole export, and `conflict` where the ledger is not empty.
 */
export async function importLines(
  transaction: Transaction<Tables>,
  lines: AsyncIterable<string>,
  onRows: (rows: number) => void,
): Promise<number> {
  await refuseUnlessEmpty(transaction);
  const reader = new LineReader();
  let waiting: ImportedRow[] = [];
  const write = async (): Promise<void> => {
    const [first] = waiting;
    if (first === undefined) return;
    const columns = sql.join(Object.keys(first.table.columns).map((column) => sql.ref(column)));
    const rows = sql.join(waiting.map(({ values }) => sql`(${sql.join(values)})`));
    const key = sql.join(first.table.key.map((column) => sql.ref(column)));
    const written = await sql<Readonly<Record<string, unknown>>>`
      insert into ${sql.table(first.table.name)} (${columns}) values ${rows}
      on conflict do nothing returning ${key}`.execute(transaction);
    if (written.rows.length < waiting.length) throw repetition(first.table, waiting, written.rows);
    onRows(waiting.length);
    waiting = [];
  };
  for await (const line of lines) {
    const row = reader.read(line);
    if (row === undefined) continue;
    if (waiting.length >= rowsPerStatement || (waiting[0]?.table ?? row.table) !== row.table) await write();
    waiting.push(row);
  }
  await write();
  return reader.end();
}

/** What is wrong with rows of which only some could be written: another one has the same key, or the same name. */
function repetition(
  { name, columns, key }: TransferTable,
  rows: readonly ImportedRow[],
  written: readonly Readonly<Record<string, unknown>>[],
): VerdictError {
  const positions = key.map((column) => Object.keys(columns).indexOf(column));
  const left = new Set(written.map((row) => JSON.stringify(key.map((column) => row[column]))));
  // Each key that was written stands for the first row that has it.
  const repeated = rows.find(
    ({ values }) => !left.delete(JSON.stringify(positions.map((position) => values[position]))),
  );
  return new VerdictError(
    'invalid-input',
    `line ${repeated?.line ?? 0}: expected each row of ${name} once, got another one with the same key or name`,
  );
}

async function refuseUnlessEmpty(transaction: Transaction<Tables>): Promise<void> {
  for (const { name } of transferTables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(transaction);
    if (rows.length > 0) {
      throw new VerdictError(
        'conflict',
        'the ledger is not empty: an export can only be imported into a new one',
      );
    }
  }
}
