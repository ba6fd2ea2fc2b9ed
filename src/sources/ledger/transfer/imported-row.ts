import type { TransferTable } from './transfer-tables.js';

/** A row of an export, its values in the order of the table's columns. */
export interface ImportedRow {
  readonly table: TransferTable;
  readonly values: readonly (string | number | null)[];
  /** In which line it stands. */
  readonly line: number;
}
