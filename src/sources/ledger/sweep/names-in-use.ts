import type { ExpressionBuilder } from 'kysely';
import type { Tables } from '../tables.js';

/** The tables of names that a sweep removes once nothing refers to them. */
export type Named = 'versions' | 'series';

/** Whether anything refers to a name: counts, ids of predictions, outcomes that wait for their prediction. */
export const isUsed = {
  versions: (where: ExpressionBuilder<Tables, Named>) =>
    where.or([
      ...(['minute_counts', 'prediction_counts', 'outcome_counts', 'prediction_ids'] as const).map((table) =>
        where.exists(
          where
            .selectFrom(table)
            .select(`${table}.minute`)
            .whereRef(`${table}.version_id`, '=', 'versions.id'),
        ),
      ),
      where.exists(
        where
          .selectFrom('series as of_model')
          .innerJoin('pending_outcomes', 'pending_outcomes.series_id', 'of_model.id')
          .select('pending_outcomes.id')
          .whereRef('of_model.model_id', '=', 'versions.model_id')
          .whereRef('pending_outcomes.version_id', '=', 'versions.id'),
      ),
    ]),
  series: (where: ExpressionBuilder<Tables, Named>) =>
    where.or([
      ...(['outcome_counts', 'pending_outcomes'] as const).map((table) =>
        where.exists(
          where.selectFrom(table).select(`${table}.minute`).whereRef(`${table}.series_id`, '=', 'series.id'),
        ),
      ),
      where.exists(
        where
          .selectFrom('versions as of_model')
          .innerJoin('prediction_counts', 'prediction_counts.version_id', 'of_model.id')
          .select('prediction_counts.minute')
          .whereRef('of_model.model_id', '=', 'series.model_id')
          .whereRef('prediction_counts.series_id', '=', 'series.id'),
      ),
    ]),
} as const;

export function isWithoutNames(where: ExpressionBuilder<Tables, 'models'>) {
  const tables = ['versions', 'series'] as const;
  return where.and(
    tables.map((table) =>
      where.not(
        where.exists(
          where.selectFrom(table).select(`${table}.id`).whereRef(`${table}.model_id`, '=', 'models.id'),
        ),
      ),
    ),
  );
}
