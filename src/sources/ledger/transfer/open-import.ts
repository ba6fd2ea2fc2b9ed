import { dialectOf, type LedgerPlace } from '../open-ledger.js';
import { Preparation } from '../preparation.js';
import { Writer } from '../writer.js';
import { explainedBy } from './explained-by.js';
import { importLines } from './import-lines.js';
import type { TransferredRows } from './open-export.js';

/** A ledger that takes one over. */
export interface LedgerImport {
  /**
   * Writes the lines of an export into this ledger, which has to be empty, wholly or not at all. Fails with a
   * VerdictError: `invalid-input` for what is no whole export, `conflict` where the ledger is not empty.
   */
  import(lines: AsyncIterable<string>, onRows?: (rows: number) => void): Promise<TransferredRows>;
  close(): Promise<void>;
}

/** Opens a ledger to be filled, and makes it where there is none. Fails as `openLedger` does, and where it is away. */
export async function openImport(place: LedgerPlace): Promise<LedgerImport> {
  const dialect = dialectOf(place);
  const connections = await dialect.open();
  const preparation = new Preparation(dialect, connections);
  try {
    await preparation.begin();
    preparation.check();
  } catch (error) {
    await connections.close();
    throw error;
  } finally {
    preparation.stop();
  }
  return {
    import: (lines, onRows = () => undefined) =>
      explainedBy(dialect)(() =>
        new Writer(connections.writer, dialect, connections.verify).runOnce(async (transaction) => {
          await dialect.takeTime(transaction);
          const rows = await importLines(transaction, lines, onRows);
          await dialect.continueNumbers(transaction);
          return { rows };
        }),
      ),
    close: () => connections.close(),
  };
}
