import assert from 'node:assert/strict';
import { batchModels, type NumberedBatches } from './numbered-batches.js';
import type { StoredMinute } from './stored-minutes.js';

/**
 * Fails unless every batch in a ledger is there as a whole and once: the same number of requests, latencies,
 * predictions and ids of each of its models. Answers the numbers of the batches that are there.
 */
export function assertWholeBatches(
  stored: readonly StoredMinute[],
  batches: NumberedBatches,
): ReadonlySet<number> {
  const models = new Map<number, string[]>();
  for (const { minute, model, ...counts } of stored) {
    const number = batches.numberOf(minute);
    const size = batches.size(number);
    assert.deepEqual(
      counts,
      { requests: size, latencies: size, predictions: size, ids: size },
      `batch ${number} of ${model}`,
    );
    models.set(number, [...(models.get(number) ?? []), model]);
  }
  for (const [number, names] of models) assert.deepEqual(names.sort(), batchModels, `batch ${number}`);
  return new Set(models.keys());
}
