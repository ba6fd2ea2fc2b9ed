import type { LedgerDialect } from '../ledger-dialect.js';
import type { Writer } from '../writer.js';

/** What a sweep works with. */
export interface SweepParts {
  readonly writer: Writer;
  readonly dialect: Pick<LedgerDialect, 'size' | 'bytesPerRow'>;
}
