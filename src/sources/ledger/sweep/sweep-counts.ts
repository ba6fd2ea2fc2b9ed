import type { Tables } from '../tables.js';
import type { Writer } from '../writer.js';

/** Versions that are looked at in one statement. */
const versionsPerStep = 1000;

/** Removes the counts before a minute, version by version; answers how many minutes of versions are gone. */
export async function sweepCounts(writer: Writer, oldestMinute: number): Promise<number> {
  let removed = 0;
  for await (const id of versionsWithCountsBefore(writer, oldestMinute)) {
    removed += await writer.run(async (transaction) => {
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

/** Numbers of versions that may have counts before a minute. */
async function* versionsWithCountsBefore(writer: Writer, minute: number): AsyncGenerator<number> {
  const last = await writer.run((transaction) =>
    transaction
      .selectFrom('versions')
      .select((select) => select.fn.max('id').as('id'))
      .executeTakeFirst(),
  );
  for (let from = 0; from <= (last?.id ?? -1); from += versionsPerStep) {
    const found = await writer.run((transaction) =>
      transaction
        .selectFrom('versions')
        .select('versions.id')
        .where('versions.id', '>=', from)
        .where('versions.id', '<', from + versionsPerStep)
        .where((where) =>
          where.or([
            // A prediction is counted in the same minute as its request.
            where.exists(
              where
                .selectFrom('minute_counts')
                .select('minute_counts.minute')
                .whereRef('minute_counts.version_id', '=', 'versions.id')
                .where('minute_counts.minute', '<', minute),
            ),
            where.exists(
              where
                .selectFrom('outcome_counts')
                .select('outcome_counts.minute')
                .whereRef('outcome_counts.version_id', '=', 'versions.id')
                .where('outcome_counts.minute', '<', minute),
            ),
          ]),
        )
        .execute(),
    );
    for (const { id } of found) yield id;
  }
}
