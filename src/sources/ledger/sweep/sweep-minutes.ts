import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.js';
import { moveMarker } from './move-marker.js';
import type { Span, SweepRun } from './sweep-run.js';

/** Removes what was counted of requests and predictions before a minute, version by version, the oldest first. */
export async function sweepMinutes(run: SweepRun, oldestMinute: number): Promise<void> {
  for await (const span of run.spans('versions')) {
    const found = await run.step((transaction) => versionsBefore(transaction, span, oldestMinute));
    for (const id of found) {
      while ((await run.remove((transaction) => removeOldest(transaction, id, oldestMinute, run))) > 0);
    }
  }
}

/** Numbers of versions that have minutes before one. A prediction is counted in the same minute as its request. */
async function versionsBefore(
  transaction: Transaction<Tables>,
  { from, to }: Span,
  minute: number,
): Promise<readonly number[]> {
  const found = await transaction
    .selectFrom('versions')
    .select('versions.id')
    .where('versions.id', '>=', from)
    .where('versions.id', '<', to)
    .where((where) =>
      where.exists(
        where
          .selectFrom('minute_counts')
          .select('minute_counts.minute')
          .whereRef('minute_counts.version_id', '=', 'versions.id')
          .where('minute_counts.minute', '<', minute),
      ),
    )
    .execute();
  return found.map(({ id }) => id);
}

/** Removes as many of a version's oldest minutes as fit a step. */
async function removeOldest(
  transaction: Transaction<Tables>,
  versionId: number,
  oldestMinute: number,
  { rowsPerStep }: SweepRun,
): Promise<{ readonly minute_counts: number; readonly prediction_counts: number }> {
  await moveMarker(transaction, 'versions', versionId);
  const series = await countedSeries(transaction, versionId);
  const minutes = Math.max(1, Math.floor(rowsPerStep / (1 + series.length)));
  const next = await transaction
    .selectFrom('minute_counts')
    .select('minute')
    .where('version_id', '=', versionId)
    .where('minute', '<', oldestMinute)
    .orderBy('minute')
    .offset(minutes)
    .limit(1)
    .executeTakeFirst();
  const before = next?.minute ?? oldestMinute;
  let predictions = 0;
  for (const seriesId of series) {
    const result = await transaction
      .deleteFrom('prediction_counts')
      .where('version_id', '=', versionId)
      .where('series_id', '=', seriesId)
      .where('minute', '<', before)
      .executeTakeFirst();
    predictions += Number(result.numDeletedRows);
  }
  const result = await transaction
    .deleteFrom('minute_counts')
    .where('version_id', '=', versionId)
    .where('minute', '<', before)
    .executeTakeFirst();
  return { minute_counts: Number(result.numDeletedRows), prediction_counts: predictions };
}

/** The outputs that a version has predictions of, one look into the index each: of their minutes none is read. */
async function countedSeries(
  transaction: Transaction<Tables>,
  versionId: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    with recursive found (id) as (
      select min(series_id) from prediction_counts where version_id = ${versionId}
      union all
      select (select min(series_id) from prediction_counts where version_id = ${versionId} and series_id > found.id)
      from found where found.id is not null
    )
    select id from found where id is not null`.execute(transaction);
  return rows.map(({ id }) => id);
}
