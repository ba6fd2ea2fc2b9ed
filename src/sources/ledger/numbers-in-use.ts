import { sql, type RawBuilder } from 'kysely';

/** The tables of names, which counts and ids refer to by number. */
export const numberedTables = ['models', 'versions', 'series'] as const;

/** The columns that hold the numbers of each of them, those that an index begins with. */
const columns: Readonly<Record<(typeof numberedTables)[number], readonly (readonly [string, string])[]>> = {
  models: [
    ['models', 'id'],
    ['versions', 'model_id'],
    ['series', 'model_id'],
  ],
  versions: [
    ['versions', 'id'],
    ['minute_counts', 'version_id'],
    ['prediction_counts', 'version_id'],
    ['outcome_counts', 'version_id'],
    ['prediction_ids', 'version_id'],
  ],
  series: [
    ['series', 'id'],
    ['labels', 'series_id'],
    ['outcome_counts', 'series_id'],
    ['pending_outcomes', 'series_id'],
  ],
};

/** The largest number of a name that is there or that anything refers to, as an expression; at least 1. */
export function largestNumber(table: (typeof numberedTables)[number]): RawBuilder<number> {
  const largest = columns[table].map(
    ([name, column]) => sql`select max(${sql.ref(column)}) as number from ${sql.table(name)}`,
  );
  return sql<number>`(select coalesce(max(number), 1) from (${sql.join(largest, sql` union all `)}) as numbers)`;
}
