import type { Transaction } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { OutputKind } from './count-batch.js';
import { moveMarker } from './change-marker.js';
import { inTurns } from './in-turns.js';
import { mixedKinds } from './merged-versions.js';
import { piecesOf } from './pieces-of.js';
import type { Tables } from './tables.js';

/** Numbers of the names of a model: rows of counts refer to these. */

const namesPerStatement = 200;

/** The number under which labels beyond those that are told apart are counted. */
export const otherLabels = -1;

/**
 * The number of a model, which is created where it does not exist. Holds the model for this transaction: what follows
 * is alone with the model's counts.
 *
 * The models are counted without keeping others from it: replicas that each create the last one that there may be
 * make one too many each. The limit is there against floods, and holds again with the next batch.
 */
export async function holdModel(
  transaction: Transaction<Tables>,
  { namespace, model }: { readonly namespace: string; readonly model: string },
  maxModels: number,
): Promise<number> {
  // A change to nothing new: databases know no other lock of a row that all of them have.
  const known = await transaction
    .updateTable('models')
    .set((set) => ({ change_marker: set.ref('change_marker') }))
    .where('namespace', '=', namespace)
    .where('name', '=', model)
    .returning('id')
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const { models } = await transaction
    .selectFrom('models')
    .select(({ fn }) => fn.countAll<number>().as('models'))
    .executeTakeFirstOrThrow();
  if (models >= maxModels) throw overtaken(`the last of the ${maxModels} models (ingest.maxModels)`);
  // Another replica may create it at the same time; this waits for it then.
  const { id } = await transaction
    .insertInto('models')
    .values({ namespace, name: model, change_marker: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['namespace', 'name'])
        .doUpdateSet((set) => ({ change_marker: set.ref('models.change_marker') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The numbers of the versions that a model has, by name. */
export async function knownVersions(
  transaction: Transaction<Tables>,
  namespace: string,
  model: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('versions')
    .innerJoin('models', 'models.id', 'versions.model_id')
    .select(['versions.id', 'versions.name'])
    .where('models.namespace', '=', namespace)
    .where('models.name', '=', model)
    .execute();
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** The numbers of versions by name; unknown ones are created. */
export async function versionNumbers(
  transaction: Transaction<Tables>,
  modelId: number,
  names: Iterable<string>,
  maxVersions: number,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  for await (const chunk of inTurns(piecesOf(new Set(names), namesPerStatement))) {
    const known = await transaction
      .selectFrom('versions')
      .select(['id', 'name'])
      .where('model_id', '=', modelId)
      .where('name', 'in', chunk)
      .execute();
    for (const { id, name } of known) numbers.set(name, id);
    const unknown = chunk.filter((name) => !numbers.has(name));
    if (unknown.length === 0) continue;
    await refuseTooManyVersions(transaction, modelId, unknown.length, maxVersions);
    const created = await transaction
      .insertInto('versions')
      .values(unknown.map((name) => ({ model_id: modelId, name })))
      .returning(['id', 'name'])
      .execute();
    for (const { id, name } of created) numbers.set(name, id);
    await moveMarker(transaction, modelId);
  }
  return numbers;
}

async function refuseTooManyVersions(
  transaction: Transaction<Tables>,
  modelId: number,
  added: number,
  maxVersions: number,
): Promise<void> {
  const { versions } = await transaction
    .selectFrom('versions')
    .select(({ fn }) => fn.countAll<number>().as('versions'))
    .where('model_id', '=', modelId)
    .executeTakeFirstOrThrow();
  if (versions + added > maxVersions) {
    throw overtaken(`the last of the ${maxVersions} versions of a model (ingest.maxVersions)`);
  }
}

/** Ingest looks at these limits line by line before; this is a race between two requests. */
function overtaken(taken: string): VerdictError {
  return new VerdictError(
    'unavailable',
    `another request has just taken ${taken}; send it again to see which lines are meant`,
  );
}

/**
 * The numbers of prediction outputs, which are created where they do not exist. Throws where one is counted as the
 * other kind already; ingest asks for the kinds before, so this is a race between two first requests.
 */
export async function outputNumbers(
  transaction: Transaction<Tables>,
  modelId: number,
  outputs: ReadonlyMap<string, OutputKind>,
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  for (const [name, kind] of outputs) {
    const series = await seriesNumber(transaction, modelId, 'prediction', name, kind);
    if (series.kind !== kind) throw mixedKinds(series.kind, kind);
    numbers.set(name, series.id);
  }
  return numbers;
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
  await moveMarker(transaction, modelId);
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
  maxLabels: number,
): Promise<(label: string) => number> {
  const rows = await transaction
    .selectFrom('labels')
    .select(['number', 'label'])
    .where('series_id', '=', seriesId)
    .execute();
  const numbers = new Map(rows.map((row) => [row.label, row.number]));
  const created: { series_id: number; number: number; label: string }[] = [];
  for (const label of labels) {
    if (numbers.has(label) || numbers.size >= maxLabels) continue;
    created.push({ series_id: seriesId, number: numbers.size, label });
    numbers.set(label, numbers.size);
  }
  for (const chunk of piecesOf(created, namesPerStatement)) {
    await transaction
      .insertInto('labels')
      .values([...chunk])
      .execute();
  }
  return (label) => numbers.get(label) ?? otherLabels;
}
