import {
  bulkhead,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { isFailure, refusal, type Failure } from '../failure.js';
import type { BreakerState } from '../server-observer.js';
import { Deadline, type DeadlineEnd } from './deadline.js';
import { SteadyWait } from './steady-wait.js';

/** How a server is kept from being asked too much. */
export interface GuardSettings {
  /** So many queries at a time. */
  readonly concurrency: number;
  /** A query that gets no place within this is refused. */
  readonly timeoutMs: number;
  /** How long the breaker stays open. */
  readonly openMs: number;
  readonly onBreaker: (state: BreakerState) => void;
}

/** So many failures in a row, without an answer between them, open the breaker. */
const failuresInARow = 5;

/** So many times as many queries as are sent at a time may wait. */
const waitingPerPlace = 20;

/** Says that the caller gave up, which tells nothing of the server: neither a success nor a failure of it. */
class CallerGoneError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/** Bulkhead and breaker of one server. */
export class Guard {
  readonly #settings: GuardSettings;
  readonly #places: BulkheadPolicy;
  readonly #breaker: CircuitBreakerPolicy;
  #lastReason = '';

  constructor(settings: GuardSettings) {
    const { concurrency, openMs, onBreaker } = settings;
    this.#settings = settings;
    this.#places = bulkhead(concurrency, concurrency * waitingPerPlace);
    this.#breaker = circuitBreaker(handleWhenResult(isIllness), {
      halfOpenAfter: new SteadyWait(openMs),
      breaker: new ConsecutiveBreaker(failuresInARow),
    });
    this.#breaker.onStateChange((state) => {
      onBreaker(stateNames[state]);
    });
  }

  /**
   * Does some work when there is a place for it and the breaker is closed. Ends with the signal, or when no place became free
   * in time; the work itself has to keep its own deadline.
   */
  async run<T>(work: () => Promise<T | Failure>, signal: AbortSignal): Promise<T | Failure> {
    const wait = new Deadline(signal, this.#settings.timeoutMs);
    const begin = async (): Promise<T | Failure> => {
      if (wait.end !== undefined) throw new CallerGoneError(this.#waitFailure(wait.end));
      wait.dispose();
      const result = await work();
      if (isIllness(result)) this.#lastReason = result.reason;
      if (isFailure(result) && result.outcome === 'aborted') throw new CallerGoneError(result);
      return result;
    };
    // Without the signal: the bulkhead forgets to let in the next one where the signal of one that waits has ended.
    const running = this.#places
      .execute(() => this.#breaker.execute(begin))
      .catch((error: unknown) => {
        if (error instanceof CallerGoneError) return error.failure;
        if (isBulkheadRejectedError(error)) return this.#fullFailure();
        if (isBrokenCircuitError(error)) return this.#brokenFailure();
        throw error;
      });
    try {
      const result = await wait.within(running);
      return result ?? this.#waitFailure(wait.end ?? 'timeout');
    } finally {
      wait.dispose();
    }
  }

  #waitFailure(end: DeadlineEnd): Failure {
    const isTrying = this.#breaker.state === CircuitState.HalfOpen;
    const what = isTrying
      ? 'for the query that tries whether it is back'
      : `for one of its ${this.#settings.concurrency} places (concurrency)`;
    return end === 'caller'
      ? refusal('aborted', `was not asked: the deadline of the caller ended the wait ${what}`)
      : refusal('overloaded', `was not asked: ${this.#settings.timeoutMs} ms were spent waiting ${what}`);
  }

  #fullFailure(): Failure {
    const { concurrency } = this.#settings;
    return refusal(
      'overloaded',
      `was not asked: ${concurrency} queries are under way (concurrency) and ${concurrency * waitingPerPlace} wait`,
    );
  }

  #brokenFailure(): Failure {
    return refusal(
      'broken',
      `was not asked: it failed ${failuresInARow} times in a row and is tried again ${this.#settings.openMs} ms later; the last time it ${this.#lastReason}`,
    );
  }
}

const stateNames: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

function isIllness(result: unknown): result is Failure {
  return isFailure(result) && result.isIll;
}
