import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { LedgerDialect } from './ledger-dialect.js';
import type { Tables } from './tables.js';

/** How long work that others are in the way of is begun anew. */
const patienceMs = 4000;

/** The longest pause before it is. */
const longestPauseMs = 50;

/** Runs transactions that change the ledger. */
export class Writer {
  readonly #db: Kysely<Tables>;
  readonly #dialect: Pick<LedgerDialect, 'failureKind'>;
  readonly #verify: () => void;

  /** `verify` is called before every commit and throws where it would not be durable. */
  constructor(db: Kysely<Tables>, dialect: Pick<LedgerDialect, 'failureKind'>, verify: () => void) {
    this.#db = db;
    this.#dialect = dialect;
    this.#verify = verify;
  }

  /**
   * Runs the work within a transaction and answers its result once that is durable. Where other transactions are in
   * the way the whole work is run again, for a few seconds, so it must not change anything but the database.
   */
  run<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#run(work, true);
  }

  /** The same for work that can be done once only; what is in the way at its beginning is still waited for. */
  runOnce<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#run(work, false);
  }

  async #run<T>(work: (transaction: Transaction<Tables>) => Promise<T>, isRepeatable: boolean): Promise<T> {
    const giveUpAt = performance.now() + patienceMs;
    for (let attempt = 1; ; attempt++) {
      const state = { begun: false };
      try {
        return await this.#db.transaction().execute(async (transaction) => {
          state.begun = true;
          const result = await work(transaction);
          this.#verify();
          return result;
        });
      } catch (error) {
        const kind = this.#dialect.failureKind(error);
        // A connection may have been lost while nobody used it. Nothing was asked of it yet: once more on a new one.
        const again = kind === 'conflict' || (kind === 'away' && !state.begun && attempt === 1);
        if (!again || (state.begun && !isRepeatable) || performance.now() >= giveUpAt) throw error;
        await pause(Math.random() * Math.min(longestPauseMs, 2 ** attempt));
      }
    }
  }
}
