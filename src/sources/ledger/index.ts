export {
  CountBatch,
  longestAheadMs,
  type MinuteCounts,
  type OutcomeEvent,
  type OutputKind,
  type PredictionValue,
  type ServedRequest,
  type SignedOutcomeSum,
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
  type VersionOutcomes,
} from './ledger.js';
export { latencyBin, latencyBoundsMs } from './latency-grid.js';
export { openLedger, openMemoryLedger, type LedgerPlace } from './open-ledger.js';
export { scoreBin, scoreBinUpperEdge } from './score-grid.js';
export { openExport, type LedgerExport, type TransferredRows } from './transfer/open-export.js';
export { openImport, type LedgerImport } from './transfer/open-import.js';
