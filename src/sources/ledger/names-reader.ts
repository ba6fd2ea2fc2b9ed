import type { Kysely } from 'kysely';
import type { OutputKind } from './count-batch.js';
import type { ModelNames, ModelSeries } from './ledger.js';
import type { Tables } from './tables.js';

/** The names of a model; empty for one that is not known. */
export async function readModelSeries(
  db: Kysely<Tables>,
  namespace: string,
  model: string,
): Promise<ModelSeries> {
  const outputs = new Map<string, OutputKind>();
  const outcomes = new Set<string>();
  const labels = new Map<string, Set<string>>();
  const known = await db
    .selectFrom('models')
    .select('id')
    .where('namespace', '=', namespace)
    .where('name', '=', model)
    .executeTakeFirst();
  if (known === undefined) return { outputs, outcomes, labels, versions: new Set() };
  const series = await db
    .selectFrom('series')
    .select(['id', 'name', 'kind'])
    .where('model_id', '=', known.id)
    .execute();
  for (const { name, kind } of series) {
    if (kind === 'sums') outcomes.add(name);
    else outputs.set(name, kind);
    if (kind === 'labels') labels.set(name, new Set());
  }
  if (labels.size > 0) {
    const rows = await db
      .selectFrom('labels')
      .innerJoin('series', 'series.id', 'labels.series_id')
      .select(['series.name', 'labels.label'])
      .where('series.model_id', '=', known.id)
      .execute();
    for (const { name, label } of rows) labels.get(name)?.add(label);
  }
  const versions = await db.selectFrom('versions').select('name').where('model_id', '=', known.id).execute();
  return { outputs, outcomes, labels, versions: new Set(versions.map(({ name }) => name)) };
}

/** All models by name. */
export async function readModelNames(db: Kysely<Tables>): Promise<ModelNames> {
  const rows = await db.selectFrom('models').select(['namespace', 'name']).execute();
  const names = new Set(rows.map(({ namespace, name }) => `${namespace}\0${name}`));
  return { count: names.size, has: (namespace, model) => names.has(`${namespace}\0${model}`) };
}
