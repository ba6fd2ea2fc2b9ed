import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger, OutcomeEvent, OutputKind, ServedRequest } from '../sources/index.js';
import type { LineProblem } from './line-fields.js';

/** The named series of one model: those of the ledger and those of the body so far. */
export interface KnownSeries {
  readonly outputs: Map<string, OutputKind>;
  readonly outcomes: Set<string>;
}

/**
 * Watches over the named series of the models in a body: numbers and labels cannot be counted together under one
 * name, and a model has a bounded number of names.
 */
export class SeriesGuard {
  readonly #ledger: Pick<Ledger, 'series'>;
  readonly #maxSeries: number;
  readonly #namespaces = new Map<string, Map<string, KnownSeries>>();

  constructor(ledger: Pick<Ledger, 'series'>, maxSeries: number) {
    this.#ledger = ledger;
    this.#maxSeries = maxSeries;
  }

  /** The series of a model that was loaded; this is asked for every line. */
  find(namespace: string, model: string): KnownSeries | undefined {
    return this.#namespaces.get(namespace)?.get(model);
  }

  /** Asks the ledger for the series of a model, in a turn of the event loop: a body may name thousands of them. */
  async load(namespace: string, model: string): Promise<KnownSeries> {
    await nextTurn();
    const { outputs, outcomes } = await this.#ledger.series(namespace, model);
    const known = { outputs: new Map(outputs), outcomes: new Set(outcomes) };
    const models = this.#namespaces.get(namespace) ?? new Map<string, KnownSeries>();
    this.#namespaces.set(namespace, models.set(model, known));
    return known;
  }

  /** The problem of a request's predictions, or undefined; then their names and kinds are taken. */
  checkRequest(request: ServedRequest, { outputs }: KnownSeries): LineProblem | undefined {
    // The predictions of a failed request are not counted.
    if (request.failed || request.predictions.size === 0) return undefined;
    let added = 0;
    for (const [name, value] of request.predictions) {
      const known = outputs.get(name);
      if (known === undefined) added++;
      else if (known !== kindOf(value)) return mixed(name, known);
    }
    if (added === 0) return undefined;
    if (outputs.size + added > this.#maxSeries) {
      return {
        field: 'prediction',
        reason: `expected at most ${this.#maxSeries} prediction outputs of a model, got a line that would make it ${outputs.size + added}`,
      };
    }
    for (const [name, value] of request.predictions) outputs.set(name, kindOf(value));
    return undefined;
  }

  /** The same for an outcome's name. */
  checkOutcome(event: OutcomeEvent, { outcomes }: KnownSeries): LineProblem | undefined {
    if (outcomes.has(event.name)) return undefined;
    if (outcomes.size >= this.#maxSeries) {
      return {
        field: 'name',
        reason: `expected at most ${this.#maxSeries} outcomes of a model, got a line that would make it ${outcomes.size + 1}`,
      };
    }
    outcomes.add(event.name);
    return undefined;
  }
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
