/** Predictions and outcomes on their way into the ledger. */
export type { BodyStream } from './body-reader.js';
export type { CountListener } from './count-listener.js';
export type { IngestOptions } from './ingest-events.js';
export { defaultIngestLimits, type IngestLimits } from './ingest-limits.js';
export { ingestOutcomes } from './ingest-outcomes.js';
export { ingestPredictions } from './ingest-predictions.js';
export { tooLargeBody } from './line-limits.js';
export { MemoryBudget } from './memory-budget.js';
export { shareOf } from './memory-share.js';
export type { IngestAnswer, IngestResult, IngestTally } from './ingest-result.js';
export { outcomeLineSchema } from './outcome-line.js';
export { predictionLineSchema } from './prediction-line.js';
export type { Refusal } from './refusals.js';
