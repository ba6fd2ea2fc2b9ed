import type { Transaction } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { OutputKind } from './count-batch.js';
import { inTurns } from './in-turns.js';
import type { Tables } from './tables.js';

/** Numbers of the names of a model: rows of counts refer to these. */

const namesPerStatement = 200;

/** How many labels of one prediction output are told apart; all further ones are counted together. */
export const maximumLabels = 200;

/** The number under which labels beyond {@link maximumLabels} are counted. */
export const otherLabels = -1;

/**
 * The number of a model, which is created where it does not exist. Moves the model's change marker, and with that
 * holds the model for this transaction: what follows is alone with the model's counts.
 */
export async function changeModel(
  transaction: Transaction<Tables>,
  namespace: string,
  name: string,
): Promise<number> {
  const { id } = await transaction
    .insertInto('models')
    .values({ namespace, name, change_marker: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'name'])
        .doUpdateSet((set) => ({ change_marker: set('models.change_marker', '+', 1) })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The numbers of versions by name; unknown ones are created. */
export async function versionNumbers(
  transaction: Transaction<Tables>,
  modelId: number,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  for await (const chunk of inTurns(chunksOf([...new Set(names)], namesPerStatement))) {
    const known = await transaction
      .selectFrom('versions')
      .select(['id', 'name'])
      .where('model_id', '=', modelId)
      .where('name', 'in', chunk)
      .execute();
    for (const { id, name } of known) numbers.set(name, id);
    const unknown = chunk.filter((name) => !numbers.has(name));
    if (unknown.length === 0) continue;
    const created = await transaction
      .insertInto('versions')
      .values(unknown.map((name) => ({ model_id: modelId, name })))
      .returning(['id', 'name'])
      .execute();
    for (const { id, name } of created) numbers.set(name, id);
  }
  return numbers;
}

/**
 * The number of a prediction output, which is created where it does not exist. Throws where it is counted as the
 * other kind already; ingest asks for the kinds before, so this is a race between two first requests.
 */
export async function outputNumber(
  transaction: Transaction<Tables>,
  modelId: number,
  name: string,
  kind: OutputKind,
): Promise<number> {
  const series = await seriesNumber(transaction, modelId, 'prediction', name, kind);
  if (series.kind !== kind) {
    throw new VerdictError(
      'unavailable',
      `another request has just sent ${series.kind} for a prediction output that this one has ${kind} for; send it again to see which lines are meant`,
    );
  }
  return series.id;
}

/** The number of an outcome, which is created where it does not exist. */
export async function outcomeNumber(
  transaction: Transaction<Tables>,
  modelId: number,
  name: string,
): Promise<number> {
  const series = await seriesNumber(transaction, modelId, 'outcome', name, 'sums');
  return series.id;
}

async function seriesNumber(
  transaction: Transaction<Tables>,
  modelId: number,
  role: 'prediction' | 'outcome',
  name: string,
  kind: OutputKind | 'sums',
): Promise<{ readonly id: number; readonly kind: string }> {
  const known = await transaction
    .selectFrom('series')
    .select(['id', 'kind'])
    .where('model_id', '=', modelId)
    .where('role', '=', role)
    .where('name', '=', name)
    .executeTakeFirst();
  if (known !== undefined) return known;
  return transaction
    .insertInto('series')
    .values({ model_id: modelId, role, name, kind })
    .returning(['id', 'kind'])
    .executeTakeFirstOrThrow();
}

/** The numbers of an output's labels; unknown ones are created while there is room, else {@link otherLabels}. */
export async function labelNumbers(
  transaction: Transaction<Tables>,
  seriesId: number,
  labels: Iterable<string>,
): Promise<(label: string) => number> {
  const rows = await transaction
    .selectFrom('labels')
    .select(['number', 'label'])
    .where('series_id', '=', seriesId)
    .execute();
  const numbers = new Map(rows.map((row) => [row.label, row.number]));
  const created: { series_id: number; number: number; label: string }[] = [];
  for (const label of labels) {
    if (numbers.has(label) || numbers.size >= maximumLabels) continue;
    created.push({ series_id: seriesId, number: numbers.size, label });
    numbers.set(label, numbers.size);
  }
  if (created.length > 0) await transaction.insertInto('labels').values(created).execute();
  return (label) => numbers.get(label) ?? otherLabels;
}

/** A list in pieces of at most `size`. */
export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
