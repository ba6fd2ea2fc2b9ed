import { setTimeout as pause } from 'node:timers/promises';
import {
  Kysely,
  PostgresDialect,
  PostgresDriver,
  sql,
  type DatabaseConnection,
  type PostgresDialectConfig,
} from 'kysely';
import { types, type CustomTypesConfig, type PoolConfig } from 'pg';
import type { LedgerConnections, LedgerDialect } from '../ledger-dialect.js';
import { largestNumber, numberedTables } from '../numbers-in-use.js';
import type { Tables } from '../tables.js';
import { GuardedPool } from './guarded-pool.js';
import { explainPostgres, loggablePostgres, postgresFailureKind } from './postgres-errors.js';
import { tableContents } from './table-contents.js';
import { tableNames } from '../tables.js';

/** Everything that is particular to PostgreSQL: its connections and their limits, its types, its errors. */

/** Nobody waits longer than this for a connection, be it that the server is away or that all are in use. */
const connectTimeoutMs = 2000;

/** How long one statement may take, and how long its answer is waited for when the network is gone. */
const statementTimeoutMs = 4000;
const queryTimeoutMs = 4500;

/** How long rows that another transaction holds are waited for, before everything is begun anew. */
const lockTimeoutMs = 2000;

/** The same for a change of the schema: everybody who comes after it waits as long as it does. */
const migrationLockTimeoutMs = 1000;

/** A replica that hangs in the middle of a transaction must not hold its rows for ever. */
const idleInTransactionMs = 15_000;

/**
 * What was answered is on the disk, whatever the server does for others. A promise beyond that, of its standbys, is
 * left as it is.
 */
const writeThrough =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')";

const readConnections = 4;
/** Batches that are written at the same time, each of other models; verdicts and sweeps beside them. */
const writersAtOnce = 3;
const writeConnections = writersAtOnce + 2;

/** How long the end of what is under way is waited for when everything is closed: the network may be gone. */
const closeTimeoutMs = 3000;

/** The number that the server gives the type `bigint`, which the client library reads as a text. */
const bigintType = 20;

/** A ledger in a PostgreSQL database. Opening it connects nothing: the first statement does. */
export function postgresDialect(url: string): LedgerDialect {
  return {
    open: () => Promise.resolve(openPools(url)),
    // Nothing is created by connecting.
    openToRead: () => Promise.resolve(openPools(url)),
    remote: true,
    writers: writersAtOnce,
    identity: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
    secondSchema: widenNumbers,
    thirdSchema: () => Promise.resolve(),
    fourthSchema: shortenVerdictKeys,
    migrateQuickly: async (db) => {
      await sql`set local lock_timeout = ${sql.lit(migrationLockTimeoutMs)}`.execute(db);
    },
    schema: async (db) => {
      const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db);
      return rows[0]?.schema ?? undefined;
    },
    size: async (db) => {
      const names = sql.join(tableNames.map((name) => sql.lit(name)));
      const { rows } = await sql<{ bytes: number | null }>`
        select sum(pg_total_relation_size(oid))::bigint as bytes from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname in (${names})`.execute(
        db,
      );
      return rows[0]?.bytes ?? 0;
    },
    contents: tableContents,
    keyedRows: (rows) => {
      const keys = rows.map(({ key }) => key);
      const versions = rows.map(({ versionId }) => versionId);
      const minutes = rows.map(({ minute }) => minute);
      return sql`unnest(${keys}::text[], ${versions}::int[], ${minutes}::int[]) as rows (key, version_id, minute)`;
    },
    takeTime: async (db) => {
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(db);
    },
    continueNumbers,
    explain: explainPostgres,
    failureKind: postgresFailureKind,
    loggable: loggablePostgres,
  };
}

function openPools(url: string): LedgerConnections {
  const migrator = builderOver(url, {
    max: 1,
    application_name: 'ml-verdict migration',
    // An index over a large table takes as long as it takes; a server that is gone is noticed by the connection.
    keepAliveInitialDelayMillis: 5000,
    query_timeout: 15 * 60_000,
  });
  const writer = builderOver(
    url,
    {
      max: writeConnections,
      application_name: 'ml-verdict writer',
      statement_timeout: statementTimeoutMs,
      query_timeout: queryTimeoutMs,
      lock_timeout: lockTimeoutMs,
      idle_in_transaction_session_timeout: idleInTransactionMs,
    },
    writeThrough,
  );
  const reader = builderOver(url, {
    max: readConnections,
    application_name: 'ml-verdict reader',
    statement_timeout: statementTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  return {
    writer,
    reader,
    migrator,
    migrated: () => migrator.destroy(),
    verify: () => undefined,
    close: async () => {
      const closed = Promise.all([migrator.destroy(), writer.destroy(), reader.destroy()]);
      await Promise.race([closed, pause(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

function builderOver(url: string, config: PoolConfig, opening?: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new LedgerPostgresDialect({
      pool: () =>
        Promise.resolve(
          new GuardedPool(
            {
              keepAlive: true,
              connectionTimeoutMillis: connectTimeoutMs,
              idleTimeoutMillis: 30_000,
              ...config,
              connectionString: url,
              types: { getTypeParser },
            },
            opening,
          ),
        ),
    }),
  });
}

// Counts, times and numbers of rows stay far below 2^53. The library's own parsers are left as they are: they are
// shared with everything else in the process.
const getTypeParser: CustomTypesConfig['getTypeParser'] = (type: number, format?: 'text' | 'binary') =>
  type === bigintType ? (text: string) => Number(text) : ordinaryParser(type, format);
const ordinaryParser = types.getTypeParser.bind(types) as (
  type: number,
  format?: 'text' | 'binary',
) => (text: string) => unknown;

class LedgerPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new ForgivingPostgresDriver(this.#config);
  }
}

/** A transaction on a lost connection cannot be rolled back, which must not hide why it was lost. */
class ForgivingPostgresDriver extends PostgresDriver {
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch {
      // The connection is broken and will not be used again; the server undoes what it had begun.
    }
  }
}

/** Tables whose rows come and go count up for years; 2^31 of them is not enough. */
async function widenNumbers(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['verdicts', 'sequence'],
    ['pending_outcomes', 'id'],
  ] as const;
  for (const [table, name] of columns) {
    await db.schema
      .alterTable(table)
      .alterColumn(name, (column) => column.setDataType('bigint'))
      .execute();
  }
}

/**
 * An index takes about 2,700 bytes of a row; four names of 253 characters each may have more than that. The hash is of
 * one of them only, so the index still finds what belongs to a canary.
 */
async function shortenVerdictKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('verdicts').dropConstraint('verdicts_once').execute();
  await sql`
    create unique index verdicts_once on verdicts (namespace, model, canary, id, hashtextextended(step, 0))`.execute(
    db,
  );
}

async function continueNumbers(db: Kysely<Tables>): Promise<void> {
  const columns = [
    ...numberedTables.map((table) => [table, 'id', largestNumber(table)] as const),
    ['verdicts', 'sequence', sql`(select max(sequence) from verdicts)`],
    ['pending_outcomes', 'id', sql`(select max(id) from pending_outcomes)`],
  ] as const;
  for (const [table, name, largest] of columns) {
    await sql`
      select setval(pg_get_serial_sequence(${sql.lit(table)}, ${sql.lit(name)}), greatest(${largest}, 1))`.execute(
      db,
    );
  }
}
