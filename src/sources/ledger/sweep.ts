import { minuteMs } from './count-batch.js';
import type { LedgerSettings, SweepReport } from './ledger.js';
import type { Tables } from './tables.js';
import type { WriteQueue } from './write-queue.js';

/** Rows removed in one transaction: others write in between. */
const rowsPerStep = 2000;

/** Removes what the settings do not keep, in small steps. */
export async function sweepLedger(
  queue: WriteQueue,
  nowMs: number,
  settings: LedgerSettings,
): Promise<SweepReport> {
  const nowMinute = Math.floor(nowMs / minuteMs);
  const oldestMinute = Math.floor((nowMs - settings.keepCountsMs) / minuteMs);
  const minutes = await sweepCounts(queue, oldestMinute);
  return {
    predictionIds: await sweepTable(queue, 'prediction_ids', 'key', 'expires_minute', nowMinute),
    pendingOutcomes: await sweepTable(queue, 'pending_outcomes', 'id', 'expires_minute', nowMinute),
    idempotencyKeys: await sweepTable(queue, 'idempotency_keys', 'key', 'expires_ms', nowMs),
    minutes,
    verdicts: await sweepTable(queue, 'verdicts', 'sequence', 'recorded_ms', nowMs - settings.keepVerdictsMs),
  };
}

/** Removes the rows whose time lies at or before the limit. */
async function sweepTable(
  queue: WriteQueue,
  table: 'prediction_ids' | 'pending_outcomes' | 'idempotency_keys' | 'verdicts',
  key: 'key' | 'id' | 'sequence',
  time: 'expires_minute' | 'expires_ms' | 'recorded_ms',
  limit: number,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const step = await queue.run(async (transaction) => {
      const { dynamic } = transaction;
      const old = transaction
        .selectFrom(table)
        .select(dynamic.ref<string>(key))
        .where(dynamic.ref(time), '<=', limit)
        .limit(rowsPerStep);
      const result = await transaction
        .deleteFrom(table)
        .where(dynamic.ref(key), 'in', old)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
    removed += step;
    if (step < rowsPerStep) return removed;
  }
}

/** Removes counts version by version; each has only as many minutes as it was alive. */
async function sweepCounts(queue: WriteQueue, oldestMinute: number): Promise<number> {
  const versions = await queue.run((transaction) =>
    transaction.selectFrom('versions').select('id').orderBy('id').execute(),
  );
  let removed = 0;
  for (const { id } of versions) {
    removed += await queue.run(async (transaction) => {
      for (const table of ['prediction_counts', 'outcome_counts'] as const satisfies (keyof Tables)[]) {
        await transaction
          .deleteFrom(table)
          .where('version_id', '=', id)
          .where('minute', '<', oldestMinute)
          .execute();
      }
      const result = await transaction
        .deleteFrom('minute_counts')
        .where('version_id', '=', id)
        .where('minute', '<', oldestMinute)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
  }
  return removed;
}
