import { VerdictError } from '../../domain/errors.js';
import type { LedgerConnections, LedgerDialect } from './ledger-dialect.js';
import { migrate } from './migrate.js';

/** How long the opening of a ledger waits for a database server before it goes on without. */
const patienceMs = 2500;

/** Pauses between two attempts to reach a server: doubled each time. */
const firstPauseMs = 250;
const longestPauseMs = 5000;

/**
 * Brings the schema up to date before the ledger is used. A server that is away when the ledger is opened, or busy
 * with what the schema needs for itself, is tried again and again in the background: a service can start before its
 * database.
 */
export class Preparation {
  readonly #dialect: LedgerDialect;
  readonly #connections: LedgerConnections;
  #done = false;
  #stopped = false;
  #problem: VerdictError | undefined;
  #pauseMs = firstPauseMs;
  #timer: NodeJS.Timeout | undefined;

  constructor(dialect: LedgerDialect, connections: LedgerConnections) {
    this.#dialect = dialect;
    this.#connections = connections;
  }

  /**
   * Resolves when the schema is up to date, or when a server is away: see {@link check}. Fails with a VerdictError
   * `invalid-config` where the database is there and cannot be used.
   */
  async begin(): Promise<void> {
    const first = this.#attempt();
    if (!this.#dialect.remote) {
      await first;
      if (this.#problem !== undefined) throw this.#problem;
      return;
    }
    await Promise.race([first, pause(patienceMs)]);
    if (this.#problem?.code === 'invalid-config') throw this.#problem;
  }

  /** Throws a VerdictError `unavailable` while the ledger cannot be used yet. */
  check(): void {
    if (this.#done) return;
    const reason = this.#problem?.message ?? 'the database has not answered yet';
    throw new VerdictError('unavailable', reason, [], { cause: this.#problem?.cause });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #attempt(): Promise<void> {
    try {
      await migrate(this.#connections.migrator, this.#dialect);
      this.#done = true;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = this.#problemOf(error);
    }
    if (this.#done) await this.#connections.migrated();
    else if (this.#dialect.remote) this.#tryLater();
  }

  #tryLater(): void {
    if (this.#stopped) return;
    // Also a schema that is refused is looked at again: a database may be restored from a backup.
    this.#timer = setTimeout(() => void this.#attempt(), this.#pauseMs);
    this.#timer.unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }

  #problemOf(error: unknown): VerdictError {
    if (error instanceof VerdictError) return error;
    const reason = this.#dialect.explain(error);
    const cause = { cause: this.#dialect.loggable(error) };
    // Only what will not go away by itself is a matter of the configuration.
    return this.#dialect.failureKind(error) === 'other'
      ? new VerdictError(
          'invalid-config',
          `the schema of the ledger cannot be prepared: ${reason}`,
          [],
          cause,
        )
      : new VerdictError('unavailable', `the ledger cannot be used: ${reason}`, [], cause);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
