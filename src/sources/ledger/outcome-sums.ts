import type { Transaction } from 'kysely';
import type { OutcomeSum } from './count-batch.js';
import { inTurns } from './in-turns.js';
import { piecesOf } from './pieces-of.js';
import type { Tables } from './tables.js';

const rowsPerStatement = 100;

/** Changes to the sums of outcomes, gathered by version, outcome and minute until they are written. */
export class OutcomeSums {
  readonly #sums = new Map<string, OutcomeSum & { versionId: number; seriesId: number; minute: number }>();

  #oldestMinute = Infinity;

  /** The oldest minute of all that were ever added; infinite where there is none. */
  get oldestMinute(): number {
    return this.#oldestMinute;
  }

  /** Adds a sum; a negative one takes away what was counted elsewhere before. */
  add(versionId: number, seriesId: number, minute: number, added: Readonly<OutcomeSum>): void {
    this.#oldestMinute = Math.min(this.#oldestMinute, minute);
    const key = `${versionId}:${seriesId}:${minute}`;
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { versionId, seriesId, minute, ...added });
    else {
      sum.count += added.count;
      sum.sum += added.sum;
      sum.sumOfSquares += added.sumOfSquares;
    }
  }

  /** How many cells of the ledger are changed. */
  get size(): number {
    return this.#sums.size;
  }

  /** Writes what was gathered, and begins anew. */
  async write(transaction: Transaction<Tables>): Promise<void> {
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    for await (const chunk of inTurns(piecesOf(sums, rowsPerStatement))) {
      await transaction
        .insertInto('outcome_counts')
        .values(
          chunk.map((sum) => ({
            version_id: sum.versionId,
            series_id: sum.seriesId,
            minute: sum.minute,
            count: sum.count,
            sum: sum.sum,
            sum_of_squares: sum.sumOfSquares,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['version_id', 'series_id', 'minute']).doUpdateSet((set) => ({
            count: set('outcome_counts.count', '+', set.ref('excluded.count')),
            sum: set('outcome_counts.sum', '+', set.ref('excluded.sum')),
            sum_of_squares: set('outcome_counts.sum_of_squares', '+', set.ref('excluded.sum_of_squares')),
          })),
        )
        .execute();
    }
  }
}

/** One outcome as a sum. */
export function sumOfOne(value: number): OutcomeSum {
  return { count: 1, sum: value, sumOfSquares: value * value };
}

/** The same taken away again. */
export function negated(sum: Readonly<OutcomeSum>): OutcomeSum {
  return { count: -sum.count, sum: -sum.sum, sumOfSquares: -sum.sumOfSquares };
}
