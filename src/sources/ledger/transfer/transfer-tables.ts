import type { tableNames } from '../tables.js';

/** What a column of an export may hold. */
export type ColumnKind = 'integer' | 'number' | 'text' | 'integer or null' | 'text or null';

/** A table as an export has it. */
export interface TransferTable {
  readonly name: (typeof tableNames)[number];
  /** The columns in the order in which the rows have them. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** The columns by which the rows are read, one after the other. */
  readonly key: readonly string[];
}

/** The format of an export: what its first line says. To be counted up with every change of the tables below. */
export const transferSchema = 'ml-verdict/ledger/v1';

/** Everything that a ledger keeps, in the order in which an export has it. */
export const transferTables: readonly TransferTable[] = [
  {
    name: 'models',
    columns: { id: 'integer', namespace: 'text', name: 'text', change_marker: 'integer' },
    key: ['id'],
  },
  {
    name: 'versions',
    columns: { id: 'integer', model_id: 'integer', name: 'text', empty_since_ms: 'integer or null' },
    key: ['id'],
  },
  {
    name: 'series',
    columns: {
      id: 'integer',
      model_id: 'integer',
      role: 'text',
      name: 'text',
      kind: 'text',
      empty_since_ms: 'integer or null',
    },
    key: ['id'],
  },
  {
    name: 'labels',
    columns: { series_id: 'integer', number: 'integer', label: 'text' },
    key: ['series_id', 'number'],
  },
  {
    name: 'minute_counts',
    columns: {
      version_id: 'integer',
      minute: 'integer',
      requests: 'integer',
      errors: 'integer',
      latency: 'text or null',
    },
    key: ['version_id', 'minute'],
  },
  {
    name: 'prediction_counts',
    columns: { version_id: 'integer', series_id: 'integer', minute: 'integer', bins: 'text' },
    key: ['version_id', 'series_id', 'minute'],
  },
  {
    name: 'outcome_counts',
    columns: {
      version_id: 'integer',
      series_id: 'integer',
      minute: 'integer',
      count: 'integer',
      sum: 'number',
      sum_of_squares: 'number',
    },
    key: ['version_id', 'series_id', 'minute'],
  },
  {
    name: 'prediction_ids',
    columns: { key: 'text', version_id: 'integer', minute: 'integer', expires_minute: 'integer' },
    key: ['key'],
  },
  {
    name: 'pending_outcomes',
    columns: {
      id: 'integer',
      key: 'text',
      series_id: 'integer',
      value: 'number',
      version_id: 'integer or null',
      minute: 'integer or null',
      expires_minute: 'integer',
    },
    key: ['id'],
  },
  {
    name: 'idempotency_keys',
    columns: { key: 'text', body_hash: 'text', answer: 'text', expires_ms: 'integer' },
    key: ['key'],
  },
  {
    name: 'verdicts',
    columns: {
      sequence: 'integer',
      id: 'text',
      namespace: 'text',
      model: 'text',
      canary: 'text',
      verdict: 'text',
      as_of_ms: 'integer or null',
      recorded_ms: 'integer',
      step: 'text',
      document: 'text',
    },
    key: ['sequence'],
  },
  {
    name: 'rollback_marks',
    columns: { namespace: 'text', model: 'text', marker: 'integer' },
    key: ['namespace', 'model'],
  },
];
