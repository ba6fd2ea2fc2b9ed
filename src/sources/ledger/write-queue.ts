import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ControlledTransaction, Kysely, Transaction } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { Tables } from './tables.js';

/** How many pieces of work share a transaction at most. */
const worksPerTransaction = 64;

interface Entry {
  readonly run: (transaction: Transaction<Tables>) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

/**
 * All changes of the ledger, one after the other. Work that arrives while other work is written shares the next
 * transaction, so that many small requests at once wait for one write to the disk instead of one each. A piece of
 * work that fails is undone alone, and nobody is answered before the transaction is committed.
 */
export class WriteQueue {
  readonly #db: Kysely<Tables>;
  readonly #verify: () => void;
  readonly #waiting: Entry[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  /** `verify` is called before every commit and throws where it would not be durable. */
  constructor(db: Kysely<Tables>, verify: () => void) {
    this.#db = db;
    this.#verify = verify;
  }

  /** Runs the work within a transaction and answers its result once that is durable. */
  run<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new VerdictError('unavailable', 'the ledger is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        run: async (transaction) => {
          const result = await work(transaction);
          return () => {
            resolve(result);
          };
        },
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Takes no more work and waits for what was taken. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // All requests that the event loop has at hand get into the same transaction.
      await nextTurn();
      const entries = this.#waiting.splice(0, worksPerTransaction);
      try {
        await this.#commit(entries);
      } catch (error) {
        for (const entry of entries) entry.reject(error);
      }
    }
    this.#draining = undefined;
  }

  async #commit(entries: readonly Entry[]): Promise<void> {
    const transaction = await this.#db.startTransaction().execute();
    const answers: (() => void)[] = [];
    try {
      for (const entry of entries) {
        const answer = await runAlone(transaction, entry);
        if (answer !== undefined) answers.push(answer);
      }
      this.#verify();
      await transaction.commit().execute();
    } catch (error) {
      if (!transaction.isCommitted)
        await transaction
          .rollback()
          .execute()
          .catch(() => undefined);
      throw error;
    }
    for (const answer of answers) answer();
  }
}

/** Runs one piece of work so that its failure undoes its own changes only. */
async function runAlone(
  transaction: ControlledTransaction<Tables>,
  entry: Entry,
): Promise<(() => void) | undefined> {
  const saved = await transaction.savepoint('work').execute();
  try {
    const answer = await entry.run(saved);
    await saved.releaseSavepoint('work').execute();
    return answer;
  } catch (error) {
    await saved.rollbackToSavepoint('work').execute();
    await saved.releaseSavepoint('work').execute();
    entry.reject(error);
    return undefined;
  }
}
