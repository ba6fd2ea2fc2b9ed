import type { FieldError } from '../domain/errors.js';
import { joinPath } from '../domain/parsing.js';
import { failure, success, type Result } from '../domain/result.js';
import { presetNamed } from '../sources/prometheus/presets/index.js';
import type { ModelQueries } from '../sources/prometheus/signals/signal.js';
import type { Config, ModelSettings } from './config.js';
import { entryNames, modelOfEntry, modelSettings, type ModelEntries } from './model-settings.js';
import type { QueryProblem } from './query-problem.js';
import { resolveQueries } from './resolve-queries.js';

/** The parts of a config that say how models are read. */
export type QueryParts = Pick<Config, 'models' | 'prometheus'>;

/** Where the counts of a model come from. */
export function modelSource({ source, prometheus }: ModelSettings): 'ledger' | 'prometheus' {
  return source ?? (prometheus === undefined ? 'ledger' : 'prometheus');
}

/**
 * How a model is read from a Prometheus server: its entries, the preset and the names in one; undefined where its counts
 * come from the ledger. Fails where the entries do not say enough, which is certain only once the model is known.
 */
export function modelQueries(
  config: QueryParts,
  namespace: string,
  model: string,
): Result<ModelQueries> | undefined {
  const settings = modelSettings(config, namespace, model);
  if (modelSource(settings) !== 'prometheus') return undefined;
  const resolved = resolveQueries(settings.prometheus ?? {}, config.prometheus.servers, { namespace, model });
  if (resolved.ok) return success(resolved.value);
  return failure(resolved.problems.map((problem) => errorAt(config, entryNames(namespace, model), problem)));
}

/** The bounds that the histogram of request times is known to have, in milliseconds; undefined where nobody knows. */
export function knownLatencyBounds({ prometheus }: ModelSettings): readonly number[] | undefined {
  if (prometheus?.preset === undefined || prometheus.latency !== undefined) return undefined;
  return presetNamed(prometheus.preset)?.latencyBoundsMs;
}

/** What is wrong with the entries of models, each mistake once, where it was written. */
export function modelQueryErrors(config: QueryParts): readonly FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const [name, entry] of config.models) {
    if (entry.source === undefined && entry.prometheus === undefined) continue;
    const { namespace, model } = modelOfEntry(name);
    const settings = modelSettings(config, namespace, model);
    if (modelSource(settings) !== 'prometheus') continue;
    const resolved = resolveQueries(settings.prometheus ?? {}, config.prometheus.servers, {
      namespace,
      // A name that can stand everywhere, in place of all names.
      model: name === '*' ? 'model' : model,
    });
    if (resolved.ok) continue;
    for (const problem of resolved.problems) {
      if (problem.isIncomplete && isBuiltOn(config, name)) continue;
      const error = errorAt(config, entryNames(namespace, model), problem);
      errors.set(`${error.path}: ${error.message}`, error);
    }
  }
  return [...errors.values()];
}

/** Whether a more special entry may say what this one leaves out. */
function isBuiltOn({ models }: ModelEntries, name: string): boolean {
  return [...models.keys()].some((other) => (name === '*' ? other !== '*' : other.endsWith(`/${name}`)));
}

/** A problem as an error of the entry that says so, or of the most special one where all leave it out. */
function errorAt(
  { models }: ModelEntries,
  names: readonly string[],
  { path, message }: QueryProblem,
): FieldError {
  const [member] = path;
  const speaks = (name: string): boolean => {
    const { prometheus } = models.get(name) ?? {};
    if (prometheus === undefined) return false;
    return member === undefined || (prometheus as Readonly<Record<string, unknown>>)[member] !== undefined;
  };
  const owner = names.find(speaks);
  if (owner !== undefined) return { path: joinPath(`models.${owner}.prometheus`, path), message };
  const named = names.find((name) => models.get(name)?.source !== undefined) ?? '*';
  return { path: `models.${named}.source`, message };
}
