import type { ExpressionBuilder, Transaction } from 'kysely';
import type { LedgerSettings } from '../ledger.js';
import type { Tables } from '../tables.js';
import type { Writer } from '../writer.js';

/** Names that are looked at in one statement. */
const namesPerStep = 1000;

const hourMs = 3600 * 1000;

type Named = 'versions' | 'series';

/**
 * Removes versions, outputs and outcomes that have no counts any more, and models that have none of them. A name is
 * kept for another join window after its last count is gone: ids of predictions may still refer to it.
 */
export async function sweepNames(writer: Writer, nowMs: number, settings: LedgerSettings): Promise<number> {
  const emptySinceMs = nowMs - settings.joinWindowMs - hourMs;
  let removed = 0;
  for (const table of ['versions', 'series'] as const) {
    const last = await writer.run((transaction) =>
      transaction
        .selectFrom(table)
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst(),
    );
    for (let from = 0; from <= (last?.id ?? -1); from += namesPerStep) {
      const span = { table, from, to: from + namesPerStep };
      const models = await writer.run((transaction) => markEmpty(transaction, span, nowMs, emptySinceMs));
      for (const modelId of models) {
        removed += await writer.run((transaction) => removeEmpty(transaction, span, modelId, emptySinceMs));
      }
    }
  }
  return removed + (await removeEmptyModels(writer));
}

interface Span {
  readonly table: Named;
  readonly from: number;
  readonly to: number;
}

/** Notes which names of a span have no counts; answers the models of those that can go. */
async function markEmpty(
  transaction: Transaction<Tables>,
  { table, from, to }: Span,
  nowMs: number,
  emptySinceMs: number,
): Promise<readonly number[]> {
  const rows = await transaction
    .selectFrom(table)
    .select(['id', 'model_id', 'empty_since_ms'])
    .select((where) => where.not(hasCounts[table](where)).as('empty'))
    .where('id', '>=', from)
    .where('id', '<', to)
    .execute();
  const isEmpty = (row: { readonly empty: unknown }) => Boolean(row.empty);
  const emptied = rows.filter((row) => isEmpty(row) && row.empty_since_ms === null);
  const filled = rows.filter((row) => !isEmpty(row) && row.empty_since_ms !== null);
  for (const [found, value] of [
    [emptied, nowMs],
    [filled, null],
  ] as const) {
    if (found.length === 0) continue;
    await transaction
      .updateTable(table)
      .set({ empty_since_ms: value })
      .where(
        'id',
        'in',
        found.map(({ id }) => id),
      )
      .execute();
  }
  const gone = rows.filter((row) => isEmpty(row) && (row.empty_since_ms ?? Infinity) <= emptySinceMs);
  return [...new Set(gone.map((row) => row.model_id))].sort((a, b) => a - b);
}

/** Removes the names of one model that are still empty, alone with the model. */
async function removeEmpty(
  transaction: Transaction<Tables>,
  { table, from, to }: Span,
  modelId: number,
  emptySinceMs: number,
): Promise<number> {
  await holdModel(transaction, modelId);
  const removed = await transaction
    .deleteFrom(table)
    .where('model_id', '=', modelId)
    .where('id', '>=', from)
    .where('id', '<', to)
    .where('empty_since_ms', '<=', emptySinceMs)
    .where((where) => where.not(hasCounts[table](where)))
    .returning('id')
    .execute();
  if (table === 'series' && removed.length > 0) {
    const ids = removed.map(({ id }) => id);
    await transaction.deleteFrom('labels').where('series_id', 'in', ids).execute();
  }
  return removed.length;
}

async function removeEmptyModels(writer: Writer): Promise<number> {
  const empty = await writer.run((transaction) =>
    transaction.selectFrom('models').select('id').where(isWithoutNames).orderBy('id').execute(),
  );
  let removed = 0;
  for (const { id } of empty) {
    removed += await writer.run(async (transaction) => {
      await holdModel(transaction, id);
      const result = await transaction
        .deleteFrom('models')
        .where('id', '=', id)
        .where(isWithoutNames)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    });
  }
  return removed;
}

/** Waits until nobody else changes the model, and keeps others from it for this transaction. */
async function holdModel(transaction: Transaction<Tables>, modelId: number): Promise<void> {
  await transaction
    .updateTable('models')
    .set((set) => ({ change_marker: set('change_marker', '+', 1) }))
    .where('id', '=', modelId)
    .execute();
}

function isWithoutNames(where: ExpressionBuilder<Tables, 'models'>) {
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

/** Whether a name has counts. */
const hasCounts = {
  versions: (where: ExpressionBuilder<Tables, Named>) =>
    where.or(
      (['minute_counts', 'prediction_counts', 'outcome_counts'] as const).map((table) =>
        where.exists(
          where
            .selectFrom(table)
            .select(`${table}.minute`)
            .whereRef(`${table}.version_id`, '=', 'versions.id'),
        ),
      ),
    ),
  series: (where: ExpressionBuilder<Tables, Named>) =>
    where.or([
      where.exists(
        where
          .selectFrom('outcome_counts')
          .select('outcome_counts.minute')
          .whereRef('outcome_counts.series_id', '=', 'series.id'),
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
