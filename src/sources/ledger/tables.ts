import type { Generated } from 'kysely';

/** The tables of the ledger, as the query builder sees them. Minutes are whole minutes since the epoch. */
export interface Tables {
  readonly models: ModelsTable;
  readonly versions: VersionsTable;
  readonly series: SeriesTable;
  readonly labels: LabelsTable;
  readonly minute_counts: MinuteCountsTable;
  readonly prediction_counts: PredictionCountsTable;
  readonly outcome_counts: OutcomeCountsTable;
  readonly prediction_ids: PredictionIdsTable;
  readonly pending_outcomes: PendingOutcomesTable;
  readonly idempotency_keys: IdempotencyKeysTable;
  readonly verdicts: VerdictsTable;
  readonly rollback_marks: RollbackMarksTable;
  readonly ledger_state: LedgerStateTable;
}

/** The names of the tables, those first to whose rows others refer. */
export const tableNames = [
  'models',
  'versions',
  'series',
  'labels',
  'minute_counts',
  'prediction_counts',
  'outcome_counts',
  'prediction_ids',
  'pending_outcomes',
  'idempotency_keys',
  'verdicts',
  'rollback_marks',
] as const satisfies readonly (keyof Tables)[];

interface ModelsTable {
  readonly id: Generated<number>;
  readonly namespace: string;
  readonly name: string;
  /** Grows with every batch that may change a verdict on the model. */
  readonly change_marker: number;
}

interface VersionsTable {
  readonly id: Generated<number>;
  readonly model_id: number;
  readonly name: string;
  /** When a sweep first found it without counts; null while it has some. */
  readonly empty_since_ms: Generated<number | null>;
}

/** The named prediction outputs and outcomes of a model. */
interface SeriesTable {
  readonly id: Generated<number>;
  readonly model_id: number;
  readonly role: 'prediction' | 'outcome';
  readonly name: string;
  /** What a prediction output is counted as; `sums` for outcomes. */
  readonly kind: 'scores' | 'labels' | 'sums';
  /** As of a version. */
  readonly empty_since_ms: Generated<number | null>;
}

/** The labels of a prediction output, numbered from 0; these numbers are its bins. */
interface LabelsTable {
  readonly series_id: number;
  readonly number: number;
  readonly label: string;
}

interface MinuteCountsTable {
  readonly version_id: number;
  readonly minute: number;
  readonly requests: number;
  readonly errors: number;
  /** Sparse counts by position in the latency grid; null where no request told its time. */
  readonly latency: string | null;
}

interface PredictionCountsTable {
  readonly version_id: number;
  readonly series_id: number;
  readonly minute: number;
  /** Sparse counts by bin of the score grid, or by number of the label (-1: all labels without one). */
  readonly bins: string;
}

interface OutcomeCountsTable {
  readonly version_id: number;
  readonly series_id: number;
  readonly minute: number;
  readonly count: number;
  readonly sum: number;
  readonly sum_of_squares: number;
}

/** Where the predictions with an id were counted. */
interface PredictionIdsTable {
  readonly key: string;
  readonly version_id: number;
  readonly minute: number;
  readonly expires_minute: number;
}

/** Outcomes whose prediction has not been seen. */
interface PendingOutcomesTable {
  readonly id: Generated<number>;
  readonly key: string;
  readonly series_id: number;
  readonly value: number;
  /** The version that the outcome itself named, and the minute under which it is counted for the time being. */
  readonly version_id: number | null;
  readonly minute: number | null;
  readonly expires_minute: number;
}

interface IdempotencyKeysTable {
  readonly key: string;
  readonly body_hash: string;
  readonly answer: string;
  readonly expires_ms: number;
}

interface VerdictsTable {
  readonly sequence: Generated<number>;
  readonly id: string;
  readonly namespace: string;
  readonly model: string;
  readonly canary: string;
  readonly verdict: string;
  readonly as_of_ms: number | null;
  readonly recorded_ms: number;
  /** Empty where the caller named none. */
  readonly step: string;
  readonly document: string;
}

/** How many rollbacks a model was told, apart from the model: nobody who counts holds these rows. */
interface RollbackMarksTable {
  readonly namespace: string;
  readonly model: string;
  readonly marker: number;
}

/** Rows that replicas hold while only one of them may go on. */
interface LedgerStateTable {
  readonly name: string;
  readonly number: number;
}
