import { setImmediate as nextTurn } from 'node:timers/promises';
import { defaultSeries } from '../../domain/observations.js';
import type { Ledger, OutcomeEvent, ServedRequest } from '../../sources/index.js';
import type { CountListener } from '../count-listener.js';
import { MemoryBudget } from '../memory-budget.js';
import { SeriesGuard } from '../series-guard.js';
import { CountSaver } from './count-saver.js';
import { EventReader } from './event-reader.js';
import type { EventResult } from './event-result.js';
import { defaultEventLimits, type EventLimits } from './event-settings.js';
import type { EventTarget } from './event-target.js';
import { ModelSeries, type GuardedSeries } from './model-series.js';
import type { PayloadEvent } from './payload-event.js';
import type { ServedCall } from './served-call.js';
import { WaitingLine } from './waiting-line.js';
import { within } from './within.js';

/** What the intake of events works with. */
export interface PayloadEventsParts {
  readonly ledger: Ledger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits?: Partial<EventLimits>;
  /** Told of what became of events, once it is final: of what is counted, once it is in the ledger. */
  readonly onResult: (result: EventResult, count: number) => void;
  /** Told of a ledger that did not take counts, and of whatever else failed. */
  readonly onFailure: (error: unknown) => void;
  /** Is told of what was counted once it is in the ledger. */
  readonly listener?: CountListener | undefined;
}

/** An event that waits, with what of the budget it holds. */
interface Waiting {
  readonly event: PayloadEvent;
  readonly heldBytes: number;
}

/** What is to be counted once the names of its model are known. */
type Decided =
  | {
      readonly kind: 'call';
      readonly call: ServedCall;
      readonly result: EventResult;
      readonly onTaken: (() => void) | undefined;
    }
  | { readonly kind: 'outcome'; readonly target: EventTarget; readonly outcome: OutcomeEvent };

/** For how long events are looked at, and how many calls are decided, before others get their turn. */
const [turnMs, turnCalls] = [4, 1000];
/** How long a stop may take to write what was counted. */
const closeWithinMs = 5000;

/**
 * Takes the events of payload loggers and counts them. Taking is instant: an event waits in memory until it is looked
 * at, and its count until it is written, every `saveEveryMs`. What is held is bounded; what is beyond is let go and
 * told, since a logger that is held up holds up its model.
 */
export class PayloadEvents {
  readonly limits: EventLimits;
  /** For the bodies that are being received or wait to be read. */
  readonly budget: MemoryBudget;
  readonly #parts: PayloadEventsParts;
  readonly #waiting = new WaitingLine<Waiting>();
  readonly #decided = new WaitingLine<Decided>();
  readonly #reader: EventReader;
  readonly #series: ModelSeries;
  readonly #saver: CountSaver;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #saving: Promise<void> | undefined;

  constructor(parts: PayloadEventsParts) {
    const { ledger, now, onResult, onFailure, listener } = parts;
    this.#parts = parts;
    this.limits = { ...defaultEventLimits, ...parts.limits };
    this.budget = new MemoryBudget(this.limits.maxWaitingBytes);
    this.#reader = new EventReader(this.limits, {
      settle: (result) => {
        onResult(result, 1);
      },
      count: (call, result, onTaken) => {
        this.#decided.push({ kind: 'call', call, result, onTaken });
      },
      isKnown: (target) => this.#series.hasVersion(target),
      outcome: (target, outcome) => {
        this.#decided.push({ kind: 'outcome', target, outcome });
      },
    });
    this.#series = new ModelSeries(() => new SeriesGuard(ledger, this.limits));
    this.#saver = new CountSaver(ledger, now, {
      result: onResult,
      failed: (error) => {
        // What was known of the names may have been wrong.
        this.#series.renew();
        onFailure(error);
      },
      listener,
    });
    this.#timer = setInterval(() => {
      this.#settle().catch(onFailure);
    }, this.limits.saveEveryMs);
    this.#timer.unref();
  }

  /**
   * Takes an event; false where too many wait already, and it is let go.
   * @param heldBytes what was taken of the budget for it: given back once it was looked at
   */
  take(event: PayloadEvent, heldBytes: number): boolean {
    if (this.#waiting.length >= this.limits.maxWaitingEvents) {
      this.letGo(event, heldBytes, 'shed');
      return false;
    }
    this.#waiting.push({ event, heldBytes });
    this.#looking ??= this.#look();
    return true;
  }

  /** Gives up an event that did not arrive, or that there is no room for. */
  letGo(event: PayloadEvent, heldBytes: number, result: 'shed' | 'broken'): void {
    this.budget.giveBack(heldBytes);
    this.#parts.onResult(result, 1);
    this.#reader.lose(event, this.#parts.now());
  }

  /** Looks at everything that was taken, decides the calls whose time is over, and writes what is counted. */
  async flush(): Promise<void> {
    await this.#looking;
    await this.#settle();
  }

  /** Counts what can be counted and writes it, for a few seconds at most. What comes after it is lost. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await within(closeWithinMs, this.#finish());
  }

  async #finish(): Promise<void> {
    await this.#looking;
    while (this.#reader.close(this.#parts.now(), turnCalls) > 0) await this.#countDecided();
    await this.#saving;
    await this.#saver.close();
  }

  async #settle(): Promise<void> {
    while (this.#reader.expire(this.#parts.now(), turnCalls) > 0) {
      await this.#countDecided();
      await nextTurn();
    }
    this.#saving ??= this.#saver.save().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  async #look(): Promise<void> {
    // The senders are answered first.
    await nextTurn();
    let turnEndsMs = performance.now() + turnMs;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        this.#reader.read(next.event, this.#parts.now());
        const names = this.#countDecided();
        if (names !== undefined) await names;
      } catch (error) {
        this.#parts.onResult('lost', 1);
        this.#parts.onFailure(error);
      }
      this.budget.giveBack(next.heldBytes);
      if (performance.now() < turnEndsMs) continue;
      await nextTurn();
      turnEndsMs = performance.now() + turnMs;
    }
    this.#looking = undefined;
  }

  /** Counts what was decided; waits only where the names of a model are not known yet. */
  #countDecided(): Promise<void> | undefined {
    for (let decided = this.#decided.shift(); decided !== undefined; decided = this.#decided.shift()) {
      const next = decided;
      const series = this.#series.of(next.kind === 'call' ? next.call.target : next.target);
      if (series instanceof Promise) {
        return series.then((known) => {
          this.#count(next, known);
          return this.#countDecided();
        });
      }
      this.#count(next, series);
    }
    return undefined;
  }

  #count(decided: Decided, series: GuardedSeries | undefined): void {
    if (series === undefined) this.#parts.onResult('lost', 1);
    else if (decided.kind === 'call') this.#countCall(decided, series);
    else if (series.guard.checkOutcome(decided.outcome, series.known) !== undefined) {
      this.#parts.onResult('refused', 1);
    } else this.#saver.addOutcome(decided.target, decided.outcome);
  }

  #countCall(
    { call, result, onTaken }: Extract<Decided, { readonly kind: 'call' }>,
    { guard, known }: GuardedSeries,
  ): void {
    const { target, atMs, failed, predictions } = call;
    const check = (named: ServedRequest['predictions']) =>
      guard.checkRequest({ ...target, atMs, failed, predictions: named }, known);
    const [first] = predictions;
    const problem =
      known.refused ?? check(first === undefined ? noPredictions : new Map([[defaultSeries, first]]));
    if (problem === undefined) {
      // Each label has to be taken up; of scores the first stands for all.
      if (typeof first === 'string' && predictions.length > 1) {
        for (const label of new Set(predictions)) check(new Map([[defaultSeries, label]]));
      }
      this.#saver.addCall(call, result, known.labels.get(defaultSeries));
    } else if (problem.field === 'prediction' && check(noPredictions) === undefined) {
      // Numbers where the model had labels, or the other way round: the request was served all the same.
      this.#saver.addCall({ ...call, predictions: [] }, 'unread');
    } else {
      this.#parts.onResult('refused', 1);
      return;
    }
    onTaken?.();
  }
}

const noPredictions: ServedRequest['predictions'] = new Map();
