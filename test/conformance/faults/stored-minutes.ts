import { readCounts } from '../../../src/sources/ledger/sparse-counts.js';

/** What a ledger holds of one model's minute, by the table it stands in. */
export interface StoredMinute {
  readonly minute: number;
  readonly model: string;
  readonly requests: number;
  readonly latencies: number;
  readonly predictions: number;
  readonly ids: number;
}

/** Asks the database of a ledger itself, beside the program: the rows of one statement, which sees one state. */
export type AskDatabase = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const statement = `
  select minute_counts.minute, models.name as model, minute_counts.requests, minute_counts.latency,
    (select bins from prediction_counts where prediction_counts.version_id = minute_counts.version_id
      and prediction_counts.minute = minute_counts.minute) as bins,
    (select count(*) from prediction_ids where prediction_ids.version_id = minute_counts.version_id
      and prediction_ids.minute = minute_counts.minute) as ids
  from minute_counts
  join versions on versions.id = minute_counts.version_id
  join models on models.id = versions.model_id`;

/** The minutes of all models, as they stand in the database at one moment. */
export async function storedMinutes(ask: AskDatabase): Promise<readonly StoredMinute[]> {
  const rows = await ask(statement);
  return rows.map((row) => ({
    minute: Number(row['minute']),
    model: String(row['model']),
    requests: Number(row['requests']),
    latencies: total(row['latency']),
    predictions: total(row['bins']),
    ids: Number(row['ids']),
  }));
}

function total(counts: unknown): number {
  if (typeof counts !== 'string') return 0;
  return [...readCounts(counts).values()].reduce((sum, count) => sum + count, 0);
}
