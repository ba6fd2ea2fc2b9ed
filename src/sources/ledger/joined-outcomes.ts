import type { Transaction } from 'kysely';
import { addOutcome, type SignedOutcomeSum } from './count-batch.js';
import { inTurns } from './in-turns.js';
import type { VersionOutcomes } from './ledger.js';
import { piecesOf } from './pieces-of.js';
import type { Tables } from './tables.js';

const namesPerStatement = 200;

/**
 * The outcomes with an id that a batch brought to a version: its own, and those that had waited for one of its
 * predictions. Each is here once, when it is counted for a version for the first time: moving to the minute of its
 * prediction later changes nothing.
 */
export class JoinedOutcomes {
  /** By number of the version, then of the outcome. */
  readonly #sums = new Map<number, Map<number, SignedOutcomeSum>>();

  add(versionId: number, seriesId: number, value: number): void {
    let sums = this.#sums.get(versionId);
    if (sums === undefined) this.#sums.set(versionId, (sums = new Map<number, SignedOutcomeSum>()));
    addOutcome(sums, seriesId, value);
  }

  /** All of them with the names of version and outcome. */
  async named(
    transaction: Transaction<Tables>,
    { namespace, model }: { readonly namespace: string; readonly model: string },
  ): Promise<readonly VersionOutcomes[]> {
    if (this.#sums.size === 0) return [];
    const versions = await namesOf(transaction, 'versions', this.#sums.keys());
    const seriesIds = new Set([...this.#sums.values()].flatMap((sums) => [...sums.keys()]));
    const outcomes = await namesOf(transaction, 'series', seriesIds);
    return [...this.#sums].flatMap(([versionId, sums]) =>
      [...sums].flatMap(([seriesId, sum]) => {
        const [version, outcome] = [versions.get(versionId), outcomes.get(seriesId)];
        if (version === undefined || outcome === undefined) return [];
        return [{ namespace, model, version, outcome, sum }];
      }),
    );
  }
}

async function namesOf(
  transaction: Transaction<Tables>,
  table: 'versions' | 'series',
  ids: Iterable<number>,
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for await (const piece of inTurns(piecesOf(ids, namesPerStatement))) {
    const rows = await transaction
      .selectFrom(table)
      .select(['id', 'name'])
      .where('id', 'in', piece)
      .execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  return names;
}
