import { dialectOf, type LedgerPlace } from '../open-ledger.js';
import { requirePresent } from '../schema-version.js';
import { explainedBy } from './explained-by.js';
import { exportLines, type ExportPiece } from './export-lines.js';

/** How many rows were taken over. */
export interface TransferredRows {
  readonly rows: number;
}

/** A ledger that is given away as a whole, to another database or into a backup. */
export interface LedgerExport {
  /**
   * Gives the ledger as lines, as it is at this moment, while others go on writing; `take` is waited for, so that
   * little is held in memory.
   */
  export(take: (piece: ExportPiece) => Promise<void>): Promise<TransferredRows>;
  close(): Promise<void>;
}

/**
 * Opens a ledger to give it away, and changes nothing of it: fails with a VerdictError, `not-found` where there is none,
 * `invalid-config` where its schema is another than that of this version, `unavailable` where the database is away.
 */
export async function openExport(place: LedgerPlace): Promise<LedgerExport> {
  const dialect = dialectOf(place);
  const connections = await dialect.openToRead();
  const explained = explainedBy(dialect);
  try {
    await explained(() => requirePresent(connections.reader, dialect));
  } catch (error) {
    await connections.close();
    throw error;
  }
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
    close: () => connections.close(),
  };
}
