import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { LedgerDialect } from './ledger-dialect.js';
import type { Tables } from './tables.js';

/** How long work that others are in the way of is begun anew: as long as a large body of theirs may take. */
const patienceMs = 12_000;

/** The longest pause before it is. */
const longestPauseMs = 50;

/** How far an attempt has come. */
interface Attempt {
  /** Something was asked of the database within the transaction. */
  begun: boolean;
  /** The transaction was told to be committed. */
  committing: boolean;
}

/** Runs transactions that change the ledger. */
export class Writer {
  readonly #db: Kysely<Tables>;
  readonly #dialect: Pick<LedgerDialect, 'failureKind'>;
  readonly #verify: () => void;
  /** Failures after which a new connection failed as well. */
  readonly #gone = new WeakSet<object>();

  /** `verify` is called before every commit and throws where it would not be durable. */
  constructor(db: Kysely<Tables>, dialect: Pick<LedgerDialect, 'failureKind'>, verify: () => void) {
    this.#db = db;
    this.#dialect = dialect;
    this.#verify = verify;
  }

  /**
   * Runs the work within a transaction and answers its result once that is durable. Where other transactions are in
   * the way the whole work is run again, for some seconds, so it must not change anything but the database.
   */
  run<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#run(work, true);
  }

  /** The same for work that can be done once only; what is in the way at its beginning is still waited for. */
  runOnce<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#run(work, false);
  }

  /** Whether a failure of {@link run} is one of the database, not of a single connection: a second one failed too. */
  isGone(error: unknown): boolean {
    return error instanceof Error && this.#gone.has(error);
  }

  async #run<T>(work: (transaction: Transaction<Tables>) => Promise<T>, isRepeatable: boolean): Promise<T> {
    const giveUpAt = performance.now() + patienceMs;
    let lost = 0;
    for (let number = 1; ; number++) {
      const attempt: Attempt = { begun: false, committing: false };
      try {
        return await this.#attempt(work, attempt);
      } catch (error) {
        if (this.#dialect.failureKind(error) === 'away' && ++lost > 1 && error instanceof Error) {
          this.#gone.add(error);
        }
        const mayBegin = isRepeatable || !attempt.begun;
        if (!mayBegin || !this.#mayHelp(error, attempt, lost) || performance.now() >= giveUpAt) throw error;
        await pause(Math.random() * Math.min(longestPauseMs, 2 ** number));
      }
    }
  }

  #attempt<T>(work: (transaction: Transaction<Tables>) => Promise<T>, attempt: Attempt): Promise<T> {
    return this.#db.transaction().execute(async (transaction) => {
      attempt.begun = true;
      const result = await work(transaction);
      this.#verify();
      attempt.committing = true;
      return result;
    });
  }

  /** Whether the same again may succeed, and certainly has not happened already. */
  #mayHelp(error: unknown, attempt: Attempt, lost: number): boolean {
    switch (this.#dialect.failureKind(error)) {
      case 'conflict':
        return true;
      case 'away':
        // One connection may be lost, in use or not, and the database be there. Nobody knows of a commit that was cut.
        return lost === 1 && !attempt.committing;
      case 'slow':
      case 'other':
        return false;
    }
  }
}
