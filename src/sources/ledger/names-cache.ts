import type { CountBatch } from './count-batch.js';
import type { ModelNames, ModelSeries } from './ledger.js';

/** How old an answer may be: other replicas add names too. */
const freshMs = 2000;

/** How many models' names are kept. */
const keptModels = 1000;

interface Kept<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

/** How the names are read. */
export interface NamesReader {
  series(namespace: string, model: string): Promise<ModelSeries>;
  models(): Promise<ModelNames>;
}

/**
 * The names of models, which ingest asks for with every body: read once in a few seconds, and anew as soon as a
 * batch is written that has a name which is not among them.
 */
export class NamesCache {
  readonly #read: NamesReader;
  readonly #series = new Map<string, Kept<ModelSeries>>();
  #models: Kept<ModelNames> | undefined;

  constructor(read: NamesReader) {
    this.#read = read;
  }

  series(namespace: string, model: string): Promise<ModelSeries> {
    const key = keyOf(namespace, model);
    const known = this.#series.get(key);
    if (known !== undefined && known.until > performance.now()) return known.value;
    if (this.#series.size >= keptModels) this.#series.clear();
    const value = this.#read.series(namespace, model);
    this.#series.set(key, { until: performance.now() + freshMs, value });
    this.#forgetFailed(value, () => this.#series.delete(key));
    return value;
  }

  models(): Promise<ModelNames> {
    const known = this.#models;
    if (known !== undefined && known.until > performance.now()) return known.value;
    const value = this.#read.models();
    this.#models = { until: performance.now() + freshMs, value };
    this.#forgetFailed(value, () => (this.#models = undefined));
    return value;
  }

  /** Forgets the names of the models of a batch, unless all of the batch's are among them. */
  async written(batch: CountBatch): Promise<void> {
    for (const counts of batch.models()) {
      const key = keyOf(counts.namespace, counts.model);
      const series = await this.#series.get(key)?.value;
      const isKnown = series !== undefined && batchNames(counts, series);
      if (!isKnown) this.#series.delete(key);
      const models = await this.#models?.value;
      if (models?.has(counts.namespace, counts.model) !== true) this.#models = undefined;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#series.clear();
    this.#models = undefined;
  }

  #forgetFailed(value: Promise<unknown>, forget: () => void): void {
    value.catch(forget);
  }
}

/** Whether every name of a model's part of a batch is known. */
function batchNames(counts: ReturnType<CountBatch['models']>[number], series: ModelSeries): boolean {
  const { outputs, outcomes, labels, versions } = series;
  if (!counts.versionNames.list().every((name) => versions.has(name))) return false;
  if (!counts.outcomeNames.list().every((name) => outcomes.has(name))) return false;
  for (const [version, minutes] of counts.versions) {
    if (!versions.has(version)) return false;
    for (const minute of minutes.values()) {
      for (const name of minute.outcomes.keys()) if (!outcomes.has(name)) return false;
      for (const [name, output] of minute.outputs) {
        if (!outputs.has(name)) return false;
        if (output.kind === 'scores') continue;
        const known = labels.get(name);
        for (const label of output.labels.keys()) if (known?.has(label) !== true) return false;
      }
    }
  }
  return true;
}

function keyOf(namespace: string, model: string): string {
  return `${namespace}\0${model}`;
}
