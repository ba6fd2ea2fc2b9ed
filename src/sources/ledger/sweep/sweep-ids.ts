import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.js';
import type { SweepRun } from './sweep-run.js';

/** Removes the ids of predictions that expire by a minute, version by version, until they are gone or it is enough. */
export async function sweepIds(
  run: SweepRun,
  lastMinute: number,
  isEnough: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  for await (const { id, oldest } of versionsWithIds(run)) {
    if (oldest > lastMinute) continue;
    let removed = run.rowsPerStep;
    while (removed >= run.rowsPerStep && !(await isEnough())) {
      removed = await run.remove((transaction) => removeOldest(transaction, id, lastMinute, run));
    }
  }
}

/** The minute in which the first id expires; infinite where there is none. */
export async function firstExpiry(run: SweepRun): Promise<number> {
  let first = Infinity;
  for await (const { oldest } of versionsWithIds(run)) first = Math.min(first, oldest);
  return first;
}

interface VersionWithIds {
  readonly id: number;
  readonly oldest: number;
}

/** The versions that ids refer to, with the minute in which the first of each expires: two looks into the index each. */
async function* versionsWithIds(run: SweepRun): AsyncGenerator<VersionWithIds> {
  let after = -1;
  for (;;) {
    const from = after;
    const { rows } = await run.step((transaction) =>
      sql<VersionWithIds>`
        with recursive found (id, number) as (
          select min(version_id), 1 from prediction_ids where version_id > ${from}
          union all
          select (select min(version_id) from prediction_ids where version_id > found.id), number + 1
          from found where found.id is not null and number < ${run.rowsPerStep}
        )
        select id, (select min(expires_minute) from prediction_ids where version_id = id) as oldest
        from found where id is not null order by id`.execute(transaction),
    );
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < run.rowsPerStep) return;
  }
}

async function removeOldest(
  transaction: Transaction<Tables>,
  versionId: number,
  lastMinute: number,
  { rowsPerStep }: SweepRun,
): Promise<{ readonly prediction_ids: number }> {
  const result = await transaction
    .deleteFrom('prediction_ids')
    .where('key', 'in', (of) =>
      of
        .selectFrom('prediction_ids as old')
        .select('old.key')
        .where('old.version_id', '=', versionId)
        .where('old.expires_minute', '<=', lastMinute)
        .orderBy('old.expires_minute')
        .limit(rowsPerStep),
    )
    .executeTakeFirst();
  return { prediction_ids: Number(result.numDeletedRows) };
}
