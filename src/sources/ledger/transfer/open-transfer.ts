import { VerdictError } from '../../../domain/errors.js';
import type { LedgerConnections, LedgerDialect } from '../ledger-dialect.js';
import { dialectOf, type LedgerPlace } from '../open-ledger.js';
import { Preparation } from '../preparation.js';
import { Writer } from '../writer.js';
import { exportLines, type ExportPiece } from './export-lines.js';
import { importLines } from './import-lines.js';

/** How many rows were taken over. */
export interface TransferredRows {
  readonly rows: number;
}

/** A ledger as a whole, to be taken from one database to another, or to a backup and back. */
export interface LedgerTransfer {
  /**
   * Gives the ledger as lines, as it is at this moment, while others go on writing; `take` is waited for, so that
   * little is held in memory.
   */
  export(take: (piece: ExportPiece) => Promise<void>): Promise<TransferredRows>;
  /**
   * Writes the lines of an export into this ledger, which has to be empty, wholly or not at all. Fails with a
   * VerdictError: `invalid-input` for what is no whole export, `conflict` where the ledger is not empty.
   */
  import(lines: AsyncIterable<string>, onRows?: (rows: number) => void): Promise<TransferredRows>;
  close(): Promise<void>;
}

/** Opens a ledger for that. Fails as `openLedger` does, and also where the database is away. */
export async function openTransfer(place: LedgerPlace): Promise<LedgerTransfer> {
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
  return transferOver(dialect, connections);
}

function transferOver(dialect: LedgerDialect, connections: LedgerConnections): LedgerTransfer {
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof VerdictError || isOfSystem(error)) throw error;
      throw new VerdictError('unavailable', `the ledger cannot be used: ${dialect.explain(error)}`, [], {
        cause: dialect.loggable(error),
      });
    }
  };
  return {
    export: (take) =>
      explained(() =>
        connections.reader
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute(async (transaction) => {
            await dialect.takeTime(transaction);
            let rows = 0;
            for await (const piece of exportLines(transaction)) {
              rows += piece.rows;
              await take(piece);
            }
            return { rows };
          }),
      ),
    import: (lines, onRows = () => undefined) =>
      explained(() =>
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

/** Whether an error is one of a file that is read or written, not one of the database. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
