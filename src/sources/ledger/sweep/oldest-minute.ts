import type { SweepRun } from './sweep-run.js';

/** The first minute of which anything is counted; infinite where nothing is. */
export async function oldestMinute(run: SweepRun): Promise<number> {
  let oldest = Infinity;
  for await (const { from, to } of run.spans('versions')) {
    const found = await run.step((transaction) =>
      transaction
        .selectFrom('versions')
        .select((select) =>
          select
            .selectFrom('minute_counts')
            .select(({ fn }) => fn.min('minute_counts.minute').as('minute'))
            .whereRef('minute_counts.version_id', '=', 'versions.id')
            .as('minute'),
        )
        .where('versions.id', '>=', from)
        .where('versions.id', '<', to)
        .execute(),
    );
    for (const { minute } of found) oldest = Math.min(oldest, minute ?? Infinity);
  }
  for await (const { from, to } of run.spans('series')) {
    const found = await run.step((transaction) =>
      transaction
        .selectFrom('series')
        .select((select) =>
          select
            .selectFrom('outcome_counts')
            .select(({ fn }) => fn.min('outcome_counts.minute').as('minute'))
            .whereRef('outcome_counts.series_id', '=', 'series.id')
            .as('minute'),
        )
        .where('series.id', '>=', from)
        .where('series.id', '<', to)
        .execute(),
    );
    for (const { minute } of found) oldest = Math.min(oldest, minute ?? Infinity);
  }
  return oldest;
}
