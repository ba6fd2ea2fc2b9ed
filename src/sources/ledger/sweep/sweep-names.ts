import type { ExpressionBuilder, Transaction } from 'kysely';
import type { LedgerSettings } from '../ledger.js';
import type { Tables } from '../tables.js';
import { isUsed, isWithoutNames, type Named } from './names-in-use.js';
import type { Span, SweepRun } from './sweep-run.js';

const hourMs = 3600 * 1000;

/**
 * Removes versions, outputs and outcomes to which nothing refers any more, and models that have none of them. A name
 * is kept for another join window after that: it may well come again.
 */
export async function sweepNames(run: SweepRun, nowMs: number, settings: LedgerSettings): Promise<void> {
  const emptySinceMs = nowMs - settings.joinWindowMs - hourMs;
  for (const table of ['versions', 'series'] as const) {
    for await (const span of run.spans(table)) {
      const models = await run.step((transaction) =>
        markEmpty(transaction, table, span, nowMs, emptySinceMs),
      );
      for (const modelId of models) {
        await run.remove((transaction) => removeEmpty(transaction, table, span, modelId, emptySinceMs));
      }
    }
  }
  await removeEmptyModels(run);
}

/** Notes which names of a span nothing refers to; answers the models of those that can go. */
async function markEmpty(
  transaction: Transaction<Tables>,
  table: Named,
  { from, to }: Span,
  nowMs: number,
  emptySinceMs: number,
): Promise<readonly number[]> {
  const rows = await transaction
    .selectFrom(table)
    .select(['id', 'model_id', 'empty_since_ms'])
    .select((where) => where.not(isUsed[table](where)).as('empty'))
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
  table: Named,
  { from, to }: Span,
  modelId: number,
  emptySinceMs: number,
) {
  await holdModel(transaction, modelId);
  const removed = await transaction
    .deleteFrom(table)
    .where('model_id', '=', modelId)
    .where('id', '>=', from)
    .where('id', '<', to)
    .where('empty_since_ms', '<=', emptySinceMs)
    .where((where: ExpressionBuilder<Tables, Named>) => where.not(isUsed[table](where)))
    .returning('id')
    .execute();
  if (table === 'series' && removed.length > 0) {
    const ids = removed.map(({ id }) => id);
    await transaction.deleteFrom('labels').where('series_id', 'in', ids).execute();
  }
  return { [table]: removed.length };
}

async function removeEmptyModels(run: SweepRun): Promise<void> {
  for await (const { from, to } of run.spans('models')) {
    const empty = await run.step((transaction) =>
      transaction
        .selectFrom('models')
        .select('id')
        .where('id', '>=', from)
        .where('id', '<', to)
        .where(isWithoutNames)
        .execute(),
    );
    for (const { id } of empty) {
      await run.remove(async (transaction) => {
        await holdModel(transaction, id);
        const result = await transaction
          .deleteFrom('models')
          .where('id', '=', id)
          .where(isWithoutNames)
          .executeTakeFirst();
        return { models: Number(result.numDeletedRows) };
      });
    }
  }
}

/** Waits until nobody else changes the model, and keeps others from it for this transaction. */
async function holdModel(transaction: Transaction<Tables>, modelId: number): Promise<void> {
  await transaction
    .updateTable('models')
    .set((set) => ({ change_marker: set('change_marker', '+', 1) }))
    .where('id', '=', modelId)
    .execute();
}
