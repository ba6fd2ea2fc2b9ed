import type { Config, ModelSettings } from './config.js';
import type { ModelPrometheus } from './sections/model-prometheus.js';

/** The part of a config that speaks of single models. */
export type ModelEntries = Pick<Config, 'models'>;

/** The settings of a model: its own entry, for what that leaves out the one of the model in any namespace, then `*`. */
export function modelSettings(config: ModelEntries, namespace: string, model: string): ModelSettings {
  const entries = entryNames(namespace, model).map((name) => config.models.get(name) ?? {});
  const [special = {}, general = {}, common = {}] = entries;
  const prometheus = [common, general, special].flatMap((entry) => entry.prometheus ?? []);
  const [first] = prometheus;
  return {
    ...common,
    ...general,
    ...special,
    ...(first === undefined ? {} : { prometheus: prometheus.slice(1).reduce(mergePrometheus, first) }),
  };
}

/** The names of the entries that speak of a model, the most special one first. */
export function entryNames(namespace: string, model: string): readonly string[] {
  return [`${namespace}/${model}`, model, '*'];
}

/** The namespace and the model that an entry is for; of one for all namespaces the namespace is empty. */
export function modelOfEntry(name: string): { readonly namespace: string; readonly model: string } {
  const slash = name.indexOf('/');
  return { namespace: name.slice(0, Math.max(slash, 0)), model: name.slice(slash + 1) };
}

/** Member by member, and of `where` label by label: what an entry does not speak of stays. */
function mergePrometheus(general: ModelPrometheus, special: ModelPrometheus): ModelPrometheus {
  const labels = new Set(special.where?.map(({ label }) => label));
  const kept = general.where?.filter(({ label }) => !labels.has(label)) ?? [];
  const where = [...kept, ...(special.where ?? [])];
  return { ...general, ...special, ...(where.length === 0 ? {} : { where }) };
}
