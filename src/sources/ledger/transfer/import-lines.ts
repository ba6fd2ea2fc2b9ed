import { sql, type Transaction } from 'kysely';
import { VerdictError } from '../../../domain/errors.js';
import type { Tables } from '../tables.js';
import { LineReader, type ImportedRow } from './line-reader.js';
import { transferTables } from './transfer-tables.js';

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
    await sql`insert into ${sql.table(first.table.name)} (${columns}) values ${rows}`.execute(transaction);
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
