import type { SweepRun } from './sweep-run.js';

/** The tables whose rows go by a time of their own, with their key and that time. */
const swept = {
  pending_outcomes: { key: 'id', time: 'expires_minute' },
  idempotency_keys: { key: 'key', time: 'expires_ms' },
  verdicts: { key: 'sequence', time: 'recorded_ms' },
} as const;

type SweptTable = keyof typeof swept;

/** Removes the rows whose time lies at or before the limit, the oldest first, until they are gone or it is enough. */
export async function sweepRows(
  run: SweepRun,
  table: SweptTable,
  limit: number,
  isEnough: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  const { key, time } = swept[table];
  while (!(await isEnough())) {
    const removed = await run.remove(async (transaction) => {
      const { dynamic } = transaction;
      const old = transaction
        .selectFrom(table)
        .select(dynamic.ref<string>(key))
        .where(dynamic.ref(time), '<=', limit)
        .orderBy(dynamic.ref(time))
        .limit(run.rowsPerStep);
      const result = await transaction
        .deleteFrom(table)
        .where(dynamic.ref(key), 'in', old)
        .executeTakeFirst();
      return { [table]: Number(result.numDeletedRows) };
    });
    if (removed < run.rowsPerStep) return;
  }
}
