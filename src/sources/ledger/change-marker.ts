import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.js';

/**
 * A text that changes whenever something is written that may change a verdict on a model: counts of a minute that is
 * settled or about to be, a new name, a rollback. It is the sum of two numbers that only grow: one in the row of the
 * model, which whoever counts holds until all is counted, and one beside it, so that a rollback never waits for that.
 */
export async function readChangeMarker(
  db: Kysely<Tables>,
  namespace: string,
  model: string,
): Promise<string> {
  const row = await db
    .selectNoFrom((select) => [
      select
        .selectFrom('models')
        .select('change_marker')
        .where('namespace', '=', namespace)
        .where('name', '=', model)
        .as('counted'),
      select
        .selectFrom('rollback_marks')
        .select('marker')
        .where('namespace', '=', namespace)
        .where('model', '=', model)
        .as('rollbacks'),
    ])
    .executeTakeFirstOrThrow();
  return String((row.counted ?? 0) + (row.rollbacks ?? 0));
}

/** Moves the marker of a model. Holds the model for this transaction. */
export async function moveMarker(transaction: Transaction<Tables>, modelId: number): Promise<void> {
  await transaction
    .updateTable('models')
    .set((set) => ({ change_marker: set('change_marker', '+', 1) }))
    .where('id', '=', modelId)
    .execute();
}

/** Moves the marker of a model: a rollback decides where the canary's next life begins. */
export async function markRollback(
  transaction: Transaction<Tables>,
  namespace: string,
  model: string,
): Promise<void> {
  await transaction
    .insertInto('rollback_marks')
    .values({ namespace, model, marker: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'model'])
        .doUpdateSet((set) => ({ marker: set('rollback_marks.marker', '+', 1) })),
    )
    .execute();
}
