export {
  CountBatch,
  longestAheadMs,
  minuteMs,
  type OutcomeEvent,
  type OutputKind,
  type PredictionValue,
  type ServedRequest,
} from './count-batch.js';
export type { IdempotentRequest } from './idempotency-keys.js';
export {
  defaultLedgerSettings,
  type Ledger,
  type LedgerSettings,
  type LedgerStatus,
  type ModelNames,
  type ModelSeries,
  type RecordAnswer,
  type RecordRequest,
  type SweepReport,
  type VerdictFilter,
  type VerdictHistory,
  type VerdictPage,
  type VerdictRecord,
} from './ledger.js';
export { latencyBoundsMs } from './latency-grid.js';
export { openLedger, openMemoryLedger, type LedgerPlace } from './open-ledger.js';
export { openExport, type LedgerExport, type TransferredRows } from './transfer/open-export.js';
export { openImport, type LedgerImport } from './transfer/open-import.js';
