import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { postgresCode, postgresFailureKind } from './postgres-errors.js';

/**
 * A pool of connections that survives its database. A connection that is lost, whether it is idle, in use or between
 * two statements of a transaction, must neither end the process nor be used again.
 */
export class GuardedPool implements PostgresPool {
  readonly #pool: Pool;
  readonly #opening: string | undefined;
  readonly #opened = new WeakSet<PoolClient>();

  /** `opening`: the first statement of every connection. */
  constructor(config: PoolConfig, opening?: string) {
    this.#opening = opening;
    this.#pool = new Pool(config);
    // The pool has removed the connection by then; the next one that is wanted is a new one.
    this.#pool.on('error', ignore);
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect();
    const guarded = new GuardedClient(client);
    if (this.#opening !== undefined && !this.#opened.has(client)) {
      try {
        await guarded.query(this.#opening, []);
      } catch (error) {
        guarded.release();
        throw error;
      }
      this.#opened.add(client);
    }
    return guarded;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

class GuardedClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  #broken = false;

  constructor(client: PoolClient) {
    this.#client = client;
    client.on('error', this.#onError);
  }

  readonly query: PostgresPoolClient['query'] = (
    statement: unknown,
    parameters: readonly unknown[] = [],
  ): never => {
    // Cursors are not used: Kysely asks for them only to stream.
    return this.#run(String(statement), parameters) as never;
  };

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#broken);
  }

  async #run(text: string, parameters: readonly unknown[]) {
    try {
      return await this.#client.query(text, parameters.map(storable));
    } catch (error) {
      // A connection whose transaction cannot be ended would take it along to its next user.
      if (postgresFailureKind(error) === 'away' || postgresCode(error) === '' || text === 'rollback') {
        this.#broken = true;
      }
      throw error;
    }
  }

  readonly #onError = (): void => {
    this.#broken = true;
  };
}

function ignore(): void {
  // Nothing to do: see the constructor.
}

/** No text of this database may hold a NUL. What cannot be stored cannot be found either, which is no failure. */
function storable(parameter: unknown): unknown {
  return typeof parameter === 'string' && parameter.includes('\0')
    ? parameter.replaceAll('\0', '\uFFFD')
    : parameter;
}
