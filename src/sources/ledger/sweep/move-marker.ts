import type { Transaction } from 'kysely';
import type { Tables } from '../tables.js';

/**
 * Moves the change marker of the model of a version or of a series: answers that were made from what goes now are
 * made anew, and the same by all replicas. Holds the model for this transaction.
 */
export async function moveMarker(
  transaction: Transaction<Tables>,
  table: 'versions' | 'series',
  id: number,
): Promise<void> {
  await transaction
    .updateTable('models')
    .set((set) => ({ change_marker: set('change_marker', '+', 1) }))
    .where('id', '=', (of) => of.selectFrom(table).select(`${table}.model_id`).where(`${table}.id`, '=', id))
    .execute();
}
