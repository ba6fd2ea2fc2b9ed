import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  CountBatch,
  Ledger,
  ModelNames,
  OutcomeEvent,
  OutputKind,
  ServedRequest,
} from '../sources/index.js';
import type { IngestLimits } from './ingest-limits.js';
import type { LineProblem } from './line-fields.js';

/** The names of one model: those of the ledger and those of the body so far. */
export interface KnownSeries {
  readonly namespace: string;
  readonly model: string;
  readonly outputs: Map<string, OutputKind>;
  readonly outcomes: Set<string>;
  /** The labels that are told apart, of every output that has labels. */
  readonly labels: Map<string, Set<string>>;
  readonly versions: Set<string>;
  /** Why no line of the model is taken. */
  readonly refused?: LineProblem;
}

/** How many names there may be. */
export type NameLimits = Pick<IngestLimits, 'maxModels' | 'maxVersions' | 'maxSeries' | 'maxLabels'>;

/** Says nothing of whether there is such a model. */
const notTheirs: LineProblem = {
  field: 'model',
  reason: 'expected a model that the credentials are for, got another one',
};

/**
 * Watches over the names in a body: numbers and labels cannot be counted together under one name, there is a
 * bounded number of names, and a caller sends for its own models only. What it keeps is bounded as well, whatever a
 * body names.
 */
export class SeriesGuard {
  readonly #ledger: Pick<Ledger, 'series' | 'models'>;
  readonly #limits: NameLimits;
  readonly #mayIngest: (namespace: string, model: string) => boolean;
  readonly #batch: Pick<CountBatch, 'limitLabels'> | undefined;
  readonly #namespaces = new Map<string, Map<string, KnownSeries>>();
  /** Models of the body that the ledger does not have. */
  readonly #newModels: (readonly [namespace: string, model: string])[] = [];
  #counted: { readonly names: ModelNames; readonly of: number; readonly added: number } | undefined;

  /** `batch`: where the body is counted; it is told which labels it has to tell apart. */
  constructor(
    ledger: Pick<Ledger, 'series' | 'models'>,
    limits: NameLimits,
    mayIngest: (namespace: string, model: string) => boolean = () => true,
    batch?: Pick<CountBatch, 'limitLabels'>,
  ) {
    this.#ledger = ledger;
    this.#limits = limits;
    this.#mayIngest = mayIngest;
    this.#batch = batch;
  }

  /** The names of a model that was loaded; this is asked for every line. */
  find(namespace: string, model: string): KnownSeries | undefined {
    return this.#namespaces.get(namespace)?.get(model);
  }

  /**
   * Asks the ledger for the names of a model, in a turn of the event loop: a body may name thousands of them. One that
   * is refused is not kept, and asked about again with its next line: a body may name a million of those.
   */
  async load(namespace: string, model: string): Promise<KnownSeries> {
    if (!this.#mayIngest(namespace, model)) return refusedModel(namespace, model, notTheirs);
    const names = await this.#ledger.models();
    const isNew = !names.has(namespace, model);
    if (isNew) {
      const { maxModels } = this.#limits;
      if (names.count + this.#addedTo(names) >= maxModels) {
        const reason = `expected one of the at most ${maxModels} models of the ledger (ingest.maxModels), got a line that would make it one more`;
        return refusedModel(namespace, model, { field: 'model', reason });
      }
    }
    await nextTurn();
    const { outputs, outcomes, labels, versions } = await this.#ledger.series(namespace, model);
    const known: KnownSeries = {
      namespace,
      model,
      outputs: new Map(outputs),
      outcomes: new Set(outcomes),
      labels: new Map([...labels].map(([output, texts]) => [output, new Set(texts)])),
      versions: new Set(versions),
    };
    for (const [output, kept] of known.labels) this.#batch?.limitLabels(namespace, model, output, kept);
    const models = this.#namespaces.get(namespace) ?? new Map<string, KnownSeries>();
    this.#namespaces.set(namespace, models.set(model, known));
    if (isNew) this.#newModels.push([namespace, model]);
    return known;
  }

  /** The problem of a request's names, or undefined; then they are taken. */
  checkRequest(request: ServedRequest, known: KnownSeries): LineProblem | undefined {
    // The predictions of a failed request are not counted.
    const predictions = request.failed ? noPredictions : request.predictions;
    const problem = this.#checkVersion(request.version, known) ?? this.#checkOutputs(predictions, known);
    if (problem !== undefined) return problem;
    known.versions.add(request.version);
    for (const [name, value] of predictions) {
      if (!known.outputs.has(name)) known.outputs.set(name, kindOf(value));
      if (typeof value === 'string') this.#takeLabel(name, value, known);
    }
    return undefined;
  }

  /** The same for the names of an outcome. */
  checkOutcome(event: OutcomeEvent, known: KnownSeries): LineProblem | undefined {
    const { outcomes, versions } = known;
    const { version, name } = event;
    const problem = version === undefined ? undefined : this.#checkVersion(version, known);
    if (problem !== undefined) return problem;
    if (!outcomes.has(name) && outcomes.size >= this.#limits.maxSeries) {
      return {
        field: 'name',
        reason: `expected at most ${this.#limits.maxSeries} outcomes of a model (ingest.maxOutputs), got a line that would make it ${outcomes.size + 1}`,
      };
    }
    outcomes.add(name);
    if (version !== undefined) versions.add(version);
    return undefined;
  }

  /** How many models of the body are not among those of the ledger. */
  #addedTo(names: ModelNames): number {
    // The ledger gives the same names for a while, and a body may name a million models meanwhile.
    if (this.#counted?.names !== names || this.#counted.of !== this.#newModels.length) {
      const added = this.#newModels.filter(([namespace, model]) => !names.has(namespace, model)).length;
      this.#counted = { names, of: this.#newModels.length, added };
    }
    return this.#counted.added;
  }

  #checkVersion(version: string, { versions }: KnownSeries): LineProblem | undefined {
    const { maxVersions } = this.#limits;
    if (versions.size < maxVersions || versions.has(version)) return undefined;
    return {
      field: 'version',
      reason: `expected one of the at most ${maxVersions} versions of a model (ingest.maxVersions), got a line that would make it ${versions.size + 1}`,
    };
  }

  #checkOutputs(
    predictions: ServedRequest['predictions'],
    { outputs }: KnownSeries,
  ): LineProblem | undefined {
    let added = 0;
    for (const [name, value] of predictions) {
      const known = outputs.get(name);
      if (known === undefined) added++;
      else if (known !== kindOf(value)) return mixed(name, known);
    }
    if (added === 0 || outputs.size + added <= this.#limits.maxSeries) return undefined;
    return {
      field: 'prediction',
      reason: `expected at most ${this.#limits.maxSeries} prediction outputs of a model (ingest.maxOutputs), got a line that would make it ${outputs.size + added}`,
    };
  }

  /** Tells a label apart from others while there is room for it. */
  #takeLabel(output: string, label: string, { namespace, model, labels }: KnownSeries): void {
    let kept = labels.get(output);
    if (kept === undefined) {
      kept = new Set();
      labels.set(output, kept);
      this.#batch?.limitLabels(namespace, model, output, kept);
    }
    if (kept.size < this.#limits.maxLabels) kept.add(label);
  }
}

const noPredictions: ServedRequest['predictions'] = new Map();

function refusedModel(namespace: string, model: string, refused: LineProblem): KnownSeries {
  return {
    namespace,
    model,
    outputs: new Map(),
    outcomes: new Set(),
    labels: new Map(),
    versions: new Set(),
    refused,
  };
}

function kindOf(value: number | string): OutputKind {
  return typeof value === 'number' ? 'scores' : 'labels';
}

function mixed(output: string, known: OutputKind): LineProblem {
  const [expected, got] = known === 'scores' ? ['a number', 'a text'] : ['a label', 'a number'];
  return {
    field: 'prediction',
    reason: `expected ${expected} as in the earlier lines of output "${output}" of this model, got ${got}; numbers and labels need outputs of different names`,
  };
}
