import type { ColumnKind } from './column-kinds.js';
import type { tableNames } from '../tables.js';

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
    columns: { id: 'the number of a name', namespace: 'a text', name: 'a text', change_marker: 'a count' },
    key: ['id'],
  },
  {
    name: 'versions',
    columns: {
      id: 'the number of a name',
      model_id: 'the number of a name',
      name: 'a text',
      empty_since_ms: 'an instant or null',
    },
    key: ['id'],
  },
  {
    name: 'series',
    columns: {
      id: 'the number of a name',
      model_id: 'the number of a name',
      role: 'the role of a series',
      name: 'a text',
      kind: 'the kind of a series',
      empty_since_ms: 'an instant or null',
    },
    key: ['id'],
  },
  {
    name: 'labels',
    columns: { series_id: 'the number of a name', number: 'the number of a label', label: 'a text' },
    key: ['series_id', 'number'],
  },
  {
    name: 'minute_counts',
    columns: {
      version_id: 'the number of a name',
      minute: 'a minute',
      requests: 'a count',
      errors: 'a count',
      latency: 'counts by latency or null',
    },
    key: ['version_id', 'minute'],
  },
  {
    name: 'prediction_counts',
    columns: {
      version_id: 'the number of a name',
      series_id: 'the number of a name',
      minute: 'a minute',
      bins: 'counts by bin',
    },
    key: ['version_id', 'series_id', 'minute'],
  },
  {
    name: 'outcome_counts',
    columns: {
      version_id: 'the number of a name',
      series_id: 'the number of a name',
      minute: 'a minute',
      // Outcomes that were counted under another minute are taken off there, also where what they were part of is gone.
      count: 'a whole number',
      sum: 'a number',
      sum_of_squares: 'a number',
    },
    key: ['version_id', 'series_id', 'minute'],
  },
  {
    name: 'prediction_ids',
    columns: {
      key: 'the hash of an id',
      version_id: 'the number of a name',
      minute: 'a minute',
      expires_minute: 'a minute',
    },
    key: ['key'],
  },
  {
    name: 'pending_outcomes',
    columns: {
      id: 'the number of a row',
      key: 'the hash of an id',
      series_id: 'the number of a name',
      value: 'a number',
      version_id: 'the number of a name or null',
      minute: 'a minute or null',
      expires_minute: 'a minute',
    },
    key: ['id'],
  },
  {
    name: 'idempotency_keys',
    columns: { key: 'a text', body_hash: 'a text', answer: 'a text', expires_ms: 'an instant' },
    key: ['key'],
  },
  {
    name: 'verdicts',
    columns: {
      sequence: 'the number of a row',
      id: 'a text',
      namespace: 'a text',
      model: 'a text',
      canary: 'a text',
      verdict: 'a text',
      as_of_ms: 'an instant or null',
      recorded_ms: 'an instant',
      step: 'a text',
      document: 'the document of a verdict',
    },
    key: ['sequence'],
  },
  {
    name: 'rollback_marks',
    columns: { namespace: 'a text', model: 'a text', marker: 'a whole number' },
    key: ['namespace', 'model'],
  },
];
