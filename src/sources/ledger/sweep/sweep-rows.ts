import type { Writer } from '../writer.js';

/** Rows removed in one transaction: others write in between. */
export const rowsPerStep = 2000;

/** The tables whose rows go by a time of their own, with their key and that time. */
const swept = {
  prediction_ids: { key: 'key', time: 'expires_minute' },
  pending_outcomes: { key: 'id', time: 'expires_minute' },
  idempotency_keys: { key: 'key', time: 'expires_ms' },
  verdicts: { key: 'sequence', time: 'recorded_ms' },
} as const;

export type SweptTable = keyof typeof swept;

/** Removes the rows whose time lies at or before the limit, the oldest first, at most about so many. */
export async function sweepRows(
  writer: Writer,
  table: SweptTable,
  limit: number,
  atMost = Infinity,
): Promise<number> {
  const { key, time } = swept[table];
  let removed = 0;
  for (;;) {
    const step = await writer.run(async (transaction) => {
      const { dynamic } = transaction;
      const old = transaction
        .selectFrom(table)
        .select(dynamic.ref<string>(key))
        .where(dynamic.ref(time), '<=', limit)
        .orderBy(dynamic.ref(time))
        .limit(rowsPerStep);
      const result = await transaction
        .deleteFrom(table)
        .where(dynamic.ref(key), 'in', old)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
    removed += step;
    if (step < rowsPerStep || removed >= atMost) return removed;
  }
}
