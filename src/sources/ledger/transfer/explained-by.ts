import { VerdictError } from '../../../domain/errors.js';
import type { LedgerDialect } from '../ledger-dialect.js';

/** Says what an error of the database means for a person. */
export function explainedBy(dialect: LedgerDialect): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof VerdictError || isOfSystem(error)) throw error;
      throw new VerdictError('unavailable', `the ledger cannot be used: ${dialect.explain(error)}`, [], {
        cause: dialect.loggable(error),
      });
    }
  };
}

/** Whether an error is one of a file that is read or written, not one of the database. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
