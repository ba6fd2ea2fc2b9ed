import { VerdictError } from '../../domain/errors.js';
import { defaultSeries } from '../../domain/observations.js';
import { CountBatch, type Ledger, type OutcomeEvent, type PredictionValue } from '../../sources/index.js';
import { recordAndTell, type CountListener } from '../count-listener.js';
import type { EventResult } from './event-result.js';
import type { EventTarget } from './event-target.js';
import type { ServedCall } from './served-call.js';

/** What the saver tells of. */
export interface SaverReports {
  readonly result: (result: EventResult, count: number) => void;
  /** The ledger did not take some counts. */
  readonly failed: (error: unknown) => void;
  /** Is told of counts that it did take. */
  readonly listener?: CountListener | undefined;
}

/** The counts of one model that are not in the ledger yet. */
interface Unsaved {
  readonly target: EventTarget;
  readonly batch: CountBatch;
  readonly results: Map<EventResult, number>;
  /** What the predictions in it are: they cannot be counted together with others. */
  predictionType: 'number' | 'string' | undefined;
  ids: number;
  attempts: number;
}

/** Places that are counted in, and ids, that may wait for a ledger that is away. */
const [mostCells, mostIds] = [5000, 100_000];
/** How many models are written at a time. */
const modelsAtATime = 16;
/** How often a model's counts are tried while the ledger takes those of others. */
const mostAttempts = 5;
const [firstPauseMs, longestPauseMs] = [500, 15_000];

/**
 * Gathers counts and writes them to the ledger, model by model, so that one that the ledger refuses keeps no other
 * back. While the ledger is away counts go on being added up, which takes little memory; ids are left out when there
 * are too many of them, and counts are lost, and told, when there are too many minutes of them.
 */
export class CountSaver {
  readonly #ledger: Pick<Ledger, 'record'>;
  readonly #now: () => number;
  readonly #reports: SaverReports;
  #gathered = new Map<string, Unsaved>();
  /** Those that the ledger has not taken, in their order. */
  #failed: Unsaved[] = [];
  #cells = 0;
  #ids = 0;
  #failures = 0;
  #pausedUntilMs = -Infinity;

  constructor(ledger: Pick<Ledger, 'record'>, now: () => number, reports: SaverReports) {
    this.#ledger = ledger;
    this.#now = now;
    this.#reports = reports;
  }

  /**
   * Counts a call; `result` is told once that is durable.
   * @param labels those that are told apart, where the predictions are labels
   */
  addCall(
    { target, id, predictions, ...call }: ServedCall,
    result: EventResult,
    labels?: ReadonlySet<string>,
  ): void {
    const unsaved = this.#unsavedOf(target);
    if (unsaved === undefined) {
      this.#reports.result('lost', 1);
      return;
    }
    const { namespace, model, version } = target;
    const { batch } = unsaved;
    const cells = batch.cells;
    if (labels !== undefined) batch.limitLabels(namespace, model, defaultSeries, labels);
    const [first, ...others] = this.#countable(unsaved, call.failed ? [] : predictions);
    const request = {
      namespace,
      model,
      version,
      ...call,
      ...(id === undefined || !this.#takeId(unsaved) ? {} : { id }),
      predictions: new Map(first === undefined ? [] : [[defaultSeries, first]]),
    };
    batch.addRequest(request);
    if (others.length > 0) batch.addPredictions(request, defaultSeries, others);
    this.#cells += batch.cells - cells;
    const told = result === 'counted' && first === undefined && !call.failed ? 'unread' : result;
    unsaved.results.set(told, (unsaved.results.get(told) ?? 0) + 1);
  }

  /** Counts an outcome. */
  addOutcome(target: EventTarget, event: OutcomeEvent): void {
    const unsaved = this.#unsavedOf(target);
    if (unsaved === undefined || (event.id !== undefined && !this.#takeId(unsaved))) {
      this.#reports.result('lost', 1);
      return;
    }
    const cells = unsaved.batch.cells;
    unsaved.batch.addOutcome(event);
    this.#cells += unsaved.batch.cells - cells;
    unsaved.results.set('counted', (unsaved.results.get('counted') ?? 0) + 1);
  }

  /** Writes what was gathered, unless the ledger is away and was tried a moment ago. One call at a time. */
  async save({ evenIfPaused = false } = {}): Promise<void> {
    if (!evenIfPaused && performance.now() < this.#pausedUntilMs) return;
    const waiting = [...this.#failed, ...this.#gathered.values()];
    this.#failed = [];
    this.#gathered = new Map();
    let saved = 0;
    let failure: unknown;
    const kept: Unsaved[] = [];
    for (let start = 0; start < waiting.length; start += modelsAtATime) {
      const some = waiting.slice(start, start + modelsAtATime);
      // Where a whole group was refused the ledger is away: the others need not be tried.
      if (saved === 0 && failure !== undefined) {
        kept.push(...some);
        continue;
      }
      const answers = await Promise.allSettled(
        some.map(({ batch }) =>
          recordAndTell(this.#ledger, batch, { nowMs: this.#now() }, this.#reports.listener),
        ),
      );
      for (const [index, unsaved] of some.entries()) {
        const answer = answers[index];
        if (answer?.status === 'fulfilled') {
          saved++;
          this.#forget(unsaved);
          for (const [result, count] of unsaved.results) this.#reports.result(result, count);
        } else {
          failure = answer?.reason;
          unsaved.attempts++;
          if (mayStillWork(failure)) kept.push(unsaved);
          else this.#lose(unsaved);
        }
      }
    }
    this.#keep(kept, saved > 0);
    if (failure === undefined || saved > 0) this.#failures = 0;
    else this.#pause();
    if (failure !== undefined) this.#reports.failed(failure);
  }

  /** Tries once more and gives up what the ledger does not take. */
  async close(): Promise<void> {
    await this.save({ evenIfPaused: true });
    for (const unsaved of this.#failed) this.#lose(unsaved);
    this.#failed = [];
  }

  #unsavedOf(target: EventTarget): Unsaved | undefined {
    const key = `${target.namespace}\0${target.model}`;
    const known = this.#gathered.get(key);
    if (this.#cells >= mostCells) return undefined;
    if (known !== undefined) return known;
    const unsaved: Unsaved = {
      target,
      batch: new CountBatch(),
      results: new Map(),
      predictionType: undefined,
      ids: 0,
      attempts: 0,
    };
    this.#gathered.set(key, unsaved);
    return unsaved;
  }

  #takeId(unsaved: Unsaved): boolean {
    if (this.#ids >= mostIds) return false;
    this.#ids++;
    unsaved.ids++;
    return true;
  }

  #countable(unsaved: Unsaved, predictions: readonly PredictionValue[]): readonly PredictionValue[] {
    const [first] = predictions;
    if (first === undefined) return predictions;
    const type = typeof first === 'number' ? 'number' : 'string';
    unsaved.predictionType ??= type;
    return unsaved.predictionType === type ? predictions : [];
  }

  /** Keeps what may be taken later; what is refused again and again while others are taken is lost. */
  #keep(unsaved: readonly Unsaved[], othersWereSaved: boolean): void {
    for (const one of unsaved) {
      if (othersWereSaved && one.attempts >= mostAttempts) this.#lose(one);
      else this.#failed.push(one);
    }
  }

  #lose(unsaved: Unsaved): void {
    this.#forget(unsaved);
    const count = [...unsaved.results.values()].reduce((sum, one) => sum + one, 0);
    this.#reports.result('lost', count);
  }

  #forget({ batch, ids }: Unsaved): void {
    this.#cells -= batch.cells;
    this.#ids -= ids;
  }

  #pause(): void {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures, 10));
    this.#pausedUntilMs = performance.now() + pauseMs;
    this.#failures++;
  }
}

/** Whether a ledger that refused counts may take the same ones later. */
function mayStillWork(error: unknown): boolean {
  return error instanceof VerdictError && error.code === 'unavailable';
}
