import { minuteMs } from '../looks/minutes.js';
import { joinKey } from './join-key.js';
import { KeyedRows } from './keyed-rows.js';
import { latencyBin } from './latency-grid.js';
import {
  grownBytes,
  mapBytes,
  minuteBytes,
  modelBytes,
  outcomeBytes,
  outputBytes,
  textBytes,
  versionBytes,
} from './memory-sizes.js';
import { NumberedNames } from './numbered-names.js';
import { scoreBin } from './score-grid.js';
import { countIn, type SparseCounts } from './sparse-counts.js';

/** Events further ahead than this are refused: clocks differ, but not by more. */
export const longestAheadMs = 5 * minuteMs;

/** What a model answered: a score or a class; several of them by name where it has several outputs. */
export type PredictionValue = number | string;

/** One request that a version of a model has served. */
export interface ServedRequest {
  readonly namespace: string;
  readonly model: string;
  readonly version: string;
  /** When it was served, milliseconds since the epoch. */
  readonly atMs: number;
  readonly failed: boolean;
  readonly id?: string;
  readonly latencyMs?: number;
  readonly predictions: ReadonlyMap<string, PredictionValue>;
}

/** One exposure's business outcome, of a version, of an earlier prediction, or of both. */
export interface OutcomeEvent {
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  readonly id?: string;
  readonly name: string;
  readonly atMs: number;
  readonly value: number;
}

/** How the values of one prediction output are counted; one output of a model has one kind for ever. */
export type OutputKind = 'scores' | 'labels';

/** Counts of one prediction output in one minute. */
export type OutputCounts =
  | { readonly kind: 'scores'; readonly bins: SparseCounts }
  /** `others`: what was counted of labels that are not told apart. */
  | { readonly kind: 'labels'; readonly labels: Map<string, number>; others: number };

/** A sum of outcomes that can be added to. */
export interface OutcomeSum {
  count: number;
  sum: number;
  sumOfSquares: number;
}

/** The same with its two signs told apart as well: sums that only grow. */
export interface SignedOutcomeSum extends OutcomeSum {
  /** Of those above zero. */
  positiveSum: number;
  /** Of those below zero, without their sign. */
  negativeSum: number;
}

/** What one version did in one minute. */
export interface MinuteCounts {
  requests: number;
  errors: number;
  /** The sum of the request times, in milliseconds. */
  latencySumMs: number;
  readonly latency: SparseCounts;
  readonly outputs: Map<string, OutputCounts>;
  readonly outcomes: Map<string, SignedOutcomeSum>;
}

/** One model's part of a batch. */
export interface ModelCounts {
  readonly namespace: string;
  readonly model: string;
  /** Versions by name, their minutes by minute number. */
  readonly versions: Map<string, Map<number, MinuteCounts>>;
  /** Ids of predictions: key, then position in `versionNames` and minute. */
  readonly predictionIds: KeyedRows;
  /** Outcomes with an id: key, then position in `outcomeNames`, value, minute, position in `versionNames` or -1. */
  readonly joinedOutcomes: KeyedRows;
  readonly versionNames: NumberedNames;
  readonly outcomeNames: NumberedNames;
  /** The labels of each output that are told apart; an output without an entry has no limit. */
  readonly labels: Map<string, ReadonlySet<string>>;
}

/**
 * Counts that are to be written together, in one transaction. It grows with the minutes, versions and ids in it,
 * not with the requests.
 */
export class CountBatch {
  readonly #models = new Map<string, Map<string, ModelCounts>>();
  #cells = 0;
  #ids = 0;
  #bytes = 0;
  /** Every name and label once: each line of a body has a copy of its own. */
  readonly #texts = new Map<string, string>();

  /** About how many bytes of memory it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The places it counts in: a version's minute, and each output and outcome in it. They are rows of the ledger. */
  get cells(): number {
    return this.#cells;
  }

  /** The ids in it, of predictions and of outcomes. */
  get ids(): number {
    return this.#ids;
  }

  /**
   * Counts the labels of an output together from now on, except for these. The set may grow; labels that join it
   * are told apart as soon as they are in it.
   */
  limitLabels(namespace: string, model: string, output: string, kept: ReadonlySet<string>): void {
    this.#model(namespace, model).labels.set(output, kept);
  }

  models(): readonly ModelCounts[] {
    return [...this.#models.values()].flatMap((models) => [...models.values()]);
  }

  /**
   * Counts a request. Of a failed one the predictions are left out: they reached nobody. Its latency counts, and
   * its id is kept, since an outcome may follow all the same.
   */
  addRequest(request: ServedRequest): void {
    const model = this.#model(request.namespace, request.model);
    const minute = Math.floor(request.atMs / minuteMs);
    const counts = this.#minute(model, request.version, minute);
    counts.requests++;
    if (request.latencyMs !== undefined) {
      counts.latencySumMs += request.latencyMs;
      this.#countIn(counts.latency, latencyBin(request.latencyMs));
    }
    if (request.failed) counts.errors++;
    else {
      for (const [output, value] of request.predictions) {
        this.#addPrediction(this.#output(counts, output, value), value, model.labels.get(output));
      }
    }
    if (request.id !== undefined) {
      const key = joinKey(request.namespace, request.model, request.id);
      this.#ids++;
      const version = this.#position(model.versionNames, request.version);
      this.#bytes += model.predictionIds.push(key, [version, minute]);
    }
  }

  /** Counts further predictions of a request that is counted: of the other instances that it asked about. */
  addPredictions(
    request: Pick<ServedRequest, 'namespace' | 'model' | 'version' | 'atMs'>,
    output: string,
    values: Iterable<PredictionValue>,
  ): void {
    const model = this.#model(request.namespace, request.model);
    const counts = this.#minute(model, request.version, Math.floor(request.atMs / minuteMs));
    for (const value of values) {
      this.#addPrediction(this.#output(counts, output, value), value, model.labels.get(output));
    }
  }

  /** Counts an outcome; one with an id waits for the transaction, where its prediction is looked up. */
  addOutcome(event: OutcomeEvent): void {
    const model = this.#model(event.namespace, event.model);
    const minute = Math.floor(event.atMs / minuteMs);
    if (event.id !== undefined) {
      const key = joinKey(event.namespace, event.model, event.id);
      const version = event.version === undefined ? -1 : this.#position(model.versionNames, event.version);
      this.#ids++;
      this.#bytes += model.joinedOutcomes.push(key, [
        this.#position(model.outcomeNames, event.name),
        event.value,
        minute,
        version,
      ]);
    } else if (event.version !== undefined) {
      const { outcomes } = this.#minute(model, event.version, minute);
      const before = outcomes.size;
      addOutcome(outcomes, this.#textIn(outcomes, event.name), event.value);
      this.#grew(outcomes, before, outcomeBytes);
      this.#cells += outcomes.size - before;
    }
  }

  #addPrediction(series: OutputCounts, value: PredictionValue, kept: ReadonlySet<string> | undefined): void {
    if (series.kind === 'scores' && typeof value === 'number') this.#countIn(series.bins, scoreBin(value));
    else if (series.kind === 'labels' && typeof value === 'string') {
      if (kept !== undefined && !kept.has(value)) series.others++;
      else this.#countIn(series.labels, this.#textIn(series.labels, value));
    } else {
      throw new TypeError(
        `a prediction output has either numbers or labels; the caller has to refuse the other kind`,
      );
    }
  }

  #countIn<Key>(counts: Map<Key, number>, key: Key): void {
    const before = counts.size;
    countIn(counts, key);
    this.#grew(counts, before);
  }

  /** Takes into account that a map may have got one more entry, which takes some bytes beside its place. */
  #grew(map: ReadonlyMap<unknown, unknown>, before: number, bytes = 0): void {
    if (map.size > before) this.#bytes += grownBytes(map.size) + bytes;
  }

  /** The text that is to be the key in a map, where it is none yet: the same one in all maps. */
  #textIn(map: ReadonlyMap<string, unknown>, text: string): string {
    return map.has(text) ? text : this.#text(text);
  }

  #text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    this.#bytes += textBytes(text) + grownBytes(this.#texts.size);
    return text;
  }

  #position(names: NumberedNames, name: string): number {
    const before = names.size;
    const position = names.positionOf(name);
    if (names.size > before) this.#bytes += grownBytes(names.size) + textBytes(name);
    return position;
  }

  #minute(model: ModelCounts, version: string, minute: number): MinuteCounts {
    let minutes = model.versions.get(version);
    if (minutes === undefined) {
      minutes = new Map();
      model.versions.set(this.#text(version), minutes);
      this.#bytes += versionBytes + grownBytes(model.versions.size);
    }
    let counts = minutes.get(minute);
    if (counts === undefined) {
      counts = noCounts();
      minutes.set(minute, counts);
      this.#bytes += minuteBytes + grownBytes(minutes.size);
      this.#cells++;
    }
    return counts;
  }

  #output(counts: MinuteCounts, output: string, value: PredictionValue): OutputCounts {
    let series = counts.outputs.get(output);
    if (series === undefined) {
      series =
        typeof value === 'number'
          ? { kind: 'scores', bins: new Map() }
          : { kind: 'labels', labels: new Map(), others: 0 };
      counts.outputs.set(this.#text(output), series);
      this.#bytes += outputBytes + grownBytes(counts.outputs.size);
      this.#cells++;
    }
    return series;
  }

  #model(namespace: string, model: string): ModelCounts {
    let models = this.#models.get(namespace);
    if (models === undefined) {
      models = new Map();
      this.#models.set(namespace, models);
      this.#bytes += mapBytes(0) + grownBytes(this.#models.size);
    }
    let counts = models.get(model);
    if (counts === undefined) {
      counts = {
        namespace,
        model,
        versions: new Map(),
        predictionIds: new KeyedRows(2),
        joinedOutcomes: new KeyedRows(4),
        versionNames: new NumberedNames(),
        outcomeNames: new NumberedNames(),
        labels: new Map(),
      };
      models.set(model, counts);
      this.#bytes += modelBytes + textBytes(namespace) + textBytes(model) + grownBytes(models.size);
    }
    return counts;
  }
}

/** The counts of a minute in which nothing has happened yet. */
export function noCounts(): MinuteCounts {
  return {
    requests: 0,
    errors: 0,
    latencySumMs: 0,
    latency: new Map(),
    outputs: new Map(),
    outcomes: new Map(),
  };
}

/** Counts an outcome under its name, or whatever tells it from others. */
export function addOutcome<Key>(outcomes: Map<Key, SignedOutcomeSum>, name: Key, value: number): void {
  const positive = Math.max(value, 0);
  const negative = Math.max(-value, 0);
  const sum = outcomes.get(name);
  if (sum === undefined) {
    outcomes.set(name, {
      count: 1,
      sum: value,
      sumOfSquares: value * value,
      positiveSum: positive,
      negativeSum: negative,
    });
  } else {
    sum.count++;
    sum.sum += value;
    sum.sumOfSquares += value * value;
    sum.positiveSum += positive;
    sum.negativeSum += negative;
  }
}
