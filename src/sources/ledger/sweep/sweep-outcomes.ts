import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.js';
import { moveMarker } from './move-marker.js';
import type { SweepRun } from './sweep-run.js';

/** What of old outcomes stays all the same. */
export interface OutcomesToKeep {
  /** The last minute in which an outcome was counted stays from this minute on: it says that there is the outcome. */
  readonly lastSinceMinute: number;
}

/** Removes the sums of outcomes before a minute, outcome by outcome, the oldest first. */
export async function sweepOutcomes(
  run: SweepRun,
  oldestMinute: number,
  { lastSinceMinute }: OutcomesToKeep = { lastSinceMinute: Infinity },
): Promise<void> {
  let after = -1;
  for (;;) {
    const found = await run.step((transaction) => countedSeries(transaction, after, run.rowsPerStep));
    for (const { id, oldest, newest } of found) {
      after = id;
      const before = newest >= lastSinceMinute ? Math.min(oldestMinute, newest) : oldestMinute;
      if (oldest >= before) continue;
      while ((await run.remove((transaction) => removeOldest(transaction, id, before, run))) > 0);
    }
    if (found.length < run.rowsPerStep) return;
  }
}

interface CountedSeries {
  readonly id: number;
  readonly oldest: number;
  readonly newest: number;
}

/** The next outcomes that have sums, with their first and their last minute: three looks into the index each. */
async function countedSeries(
  transaction: Transaction<Tables>,
  after: number,
  atMost: number,
): Promise<readonly CountedSeries[]> {
  const { rows } = await sql<CountedSeries>`
    with recursive found (id, number) as (
      select min(series_id), 1 from outcome_counts where series_id > ${after}
      union all
      select (select min(series_id) from outcome_counts where series_id > found.id), number + 1
      from found where found.id is not null and number < ${atMost}
    )
    select id,
      (select min(minute) from outcome_counts where series_id = id) as oldest,
      (select max(minute) from outcome_counts where series_id = id) as newest
    from found where id is not null order by id`.execute(transaction);
  return rows;
}

/** Removes as much of an outcome's oldest sums as fits a step, always whole minutes. */
async function removeOldest(
  transaction: Transaction<Tables>,
  seriesId: number,
  oldestMinute: number,
  { rowsPerStep }: SweepRun,
): Promise<{ readonly outcome_counts: number }> {
  const [first, next] = await Promise.all(
    [0, rowsPerStep].map((offset) =>
      transaction
        .selectFrom('outcome_counts')
        .select('minute')
        .where('series_id', '=', seriesId)
        .where('minute', '<', oldestMinute)
        .orderBy('minute')
        .offset(offset)
        .limit(1)
        .executeTakeFirst(),
    ),
  );
  if (first === undefined) return { outcome_counts: 0 };
  await moveMarker(transaction, 'series', seriesId);
  const before = next === undefined ? oldestMinute : Math.max(next.minute, first.minute + 1);
  const result = await transaction
    .deleteFrom('outcome_counts')
    .where('series_id', '=', seriesId)
    .where('minute', '<', before)
    .executeTakeFirst();
  return { outcome_counts: Number(result.numDeletedRows) };
}
