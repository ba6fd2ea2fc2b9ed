import { VerdictError } from '../../../domain/errors.js';
import { isOfKind } from './column-kinds.js';
import type { ImportedRow } from './imported-row.js';
import { contradictionIn } from './row-rules.js';
import { transferSchema, transferTables, type TransferTable } from './transfer-tables.js';

const tablesByName = new Map<unknown, TransferTable>(transferTables.map((table) => [table.name, table]));

/** Reads the lines of an export and throws a VerdictError `invalid-input`, with the line, at the first wrong one. */
export class LineReader {
  readonly #counts = new Map<string, number>();
  #last: ImportedRow | undefined;
  #lines = 0;
  #state: 'header' | 'rows' | 'ended' = 'header';

  /** The row of a line; undefined for the first and the last line. */
  read(line: string): ImportedRow | undefined {
    this.#lines++;
    if (this.#state === 'ended') throw this.#wrong('expected nothing behind the line that ends the export');
    const value = this.#parse(line);
    if (this.#state === 'header') {
      this.#readHeader(value);
      this.#state = 'rows';
      return undefined;
    }
    if (Array.isArray(value)) return this.#readRow(value as readonly unknown[]);
    this.#readEnd(value);
    this.#state = 'ended';
    return undefined;
  }

  /** To be called after the last line: answers the number of rows. */
  end(): number {
    if (this.#state === 'header') throw wrong('expected an export of a ledger, got nothing');
    if (this.#state === 'rows') {
      throw wrong(
        `the export is not whole: it breaks off after line ${this.#lines}, without the line that ends it`,
      );
    }
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw this.#wrong(
        this.#state === 'header'
          ? 'expected an export of a ledger, got something else'
          : 'expected one line of JSON',
      );
    }
  }

  #readHeader(value: unknown): void {
    const { schema, tables } = recordOf(value);
    if (schema === transferSchema) {
      const columns = recordOf(tables);
      const isOurs = transferTables.every(
        (table) => JSON.stringify(columns[table.name]) === JSON.stringify(Object.keys(table.columns)),
      );
      if (!isOurs) throw this.#wrong('expected the tables and columns of a ledger, got others');
      return;
    }
    const isAnother = typeof schema === 'string' && schema.startsWith('ml-verdict/ledger/');
    throw this.#wrong(
      isAnother
        ? `expected an export in the format "${transferSchema}", got one of another version of ml-verdict: use that version`
        : `expected an export of a ledger, which begins with {"schema":"${transferSchema}",…}, got something else`,
    );
  }

  #readRow([name, ...values]: readonly unknown[]): ImportedRow {
    const table = tablesByName.get(name);
    if (table === undefined) throw this.#wrong('expected a row of one of the tables of the first line');
    const columns = Object.entries(table.columns);
    if (values.length !== columns.length) {
      throw this.#wrong(`expected ${columns.length} values in a row of ${table.name}, got ${values.length}`);
    }
    for (const [index, [column, kind]] of columns.entries()) {
      if (!isOfKind(kind, values[index])) throw this.#wrong(`expected ${kind} in ${table.name}.${column}`);
    }
    const row: ImportedRow = { table, values: values as ImportedRow['values'], line: this.#lines };
    const contradiction = contradictionIn(row);
    if (contradiction !== undefined) throw this.#wrong(contradiction);
    if (this.#last?.table === table && !isBehind(this.#last, row)) {
      throw this.#wrong(
        `expected the rows of ${table.name} in the order of ${table.key.join(', ')}, each once`,
      );
    }
    this.#last = row;
    this.#counts.set(table.name, (this.#counts.get(table.name) ?? 0) + 1);
    return row;
  }

  #readEnd(value: unknown): void {
    const { end, rows } = recordOf(value);
    if (end !== true) throw this.#wrong('expected a row, or the line that ends the export');
    const told = recordOf(rows);
    for (const { name } of transferTables) {
      const count = this.#counts.get(name) ?? 0;
      if (told[name] !== count) {
        throw this.#wrong(`the export is not whole: it has ${count} rows of ${name}, and says otherwise`);
      }
    }
  }

  #wrong(message: string): VerdictError {
    return wrong(`line ${this.#lines}: ${message}`);
  }
}

function wrong(message: string): VerdictError {
  return new VerdictError('invalid-input', message);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/**
 * Whether a row comes after another one of its table. Numbers have one order everywhere; of texts every database has its
 * own.
 */
function isBehind(last: ImportedRow, { table, values }: ImportedRow): boolean {
  const columns = Object.keys(table.columns);
  for (const column of table.key) {
    const index = columns.indexOf(column);
    const [before, now] = [last.values[index], values[index]];
    if (typeof before !== 'number' || typeof now !== 'number') return true;
    if (now !== before) return now > before;
  }
  return false;
}
