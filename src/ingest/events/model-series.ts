import type { KnownSeries, SeriesGuard } from '../series-guard.js';
import type { EventTarget } from './event-target.js';
import { within } from './within.js';

/** How old what is known of the models' names may get. */
const renewMs = 30_000;
/** So many models are known at a time. */
const mostModels = 2000;
/** How long the ledger is waited for, and then left alone. */
const [loadWithinMs, pauseMs] = [500, 1000];

/** The names of a model, and the guard that knows them. */
export interface GuardedSeries {
  readonly guard: SeriesGuard;
  readonly known: KnownSeries;
}

/**
 * The names of the models that events come for. What is known is good for some time, and while the ledger is away; a
 * ledger that does not answer holds nobody up for long.
 */
export class ModelSeries {
  readonly #makeGuard: () => SeriesGuard;
  #guard: SeriesGuard;
  #before: SeriesGuard | undefined;
  #models = 0;
  #renewedMs = -Infinity;
  #awayUntilMs = -Infinity;

  constructor(makeGuard: () => SeriesGuard) {
    this.#makeGuard = makeGuard;
    this.#guard = makeGuard();
  }

  /** The names of a model: at once where they are known; undefined where the ledger cannot say. */
  of({ namespace, model }: EventTarget): GuardedSeries | Promise<GuardedSeries | undefined> {
    const nowMs = performance.now();
    if (nowMs - this.#renewedMs > renewMs || this.#models >= mostModels) this.renew();
    const known = this.#guard.find(namespace, model);
    if (known !== undefined) return { guard: this.#guard, known };
    return this.#load(namespace, model, nowMs);
  }

  /** Whether a version is among the names that are known. */
  hasVersion({ namespace, model, version }: EventTarget): boolean {
    const known = this.#guard.find(namespace, model) ?? this.#before?.find(namespace, model);
    return known?.versions.has(version) ?? false;
  }

  /** Asks the ledger again for every model. */
  renew(): void {
    this.#before = this.#guard;
    this.#guard = this.#makeGuard();
    this.#models = 0;
    this.#renewedMs = performance.now();
  }

  async #load(namespace: string, model: string, nowMs: number): Promise<GuardedSeries | undefined> {
    const guard = this.#guard;
    if (nowMs >= this.#awayUntilMs) {
      const known = await within(
        loadWithinMs,
        guard.load(namespace, model).catch(() => undefined),
      );
      if (known !== undefined) {
        this.#models++;
        return { guard, known };
      }
      this.#awayUntilMs = performance.now() + pauseMs;
    }
    const known = this.#before?.find(namespace, model);
    return this.#before === undefined || known === undefined ? undefined : { guard: this.#before, known };
  }
}
