import type { Kysely } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { ObservationAnswer, ObservationQuery } from '../observation-source.js';
import type { CountBatch, OutputKind } from './count-batch.js';
import type { LedgerConnections, LedgerDialect } from './ledger-dialect.js';
import type {
  Ledger,
  LedgerSettings,
  ModelSeries,
  RecordAnswer,
  RecordRequest,
  SweepReport,
  VerdictHistory,
} from './ledger.js';
import { observe } from './looks/observe.js';
import { recordBatch } from './recorder.js';
import { sweepLedger } from './sweep.js';
import type { Tables } from './tables.js';
import { appendVerdict, findVerdict, listVerdicts } from './verdict-history.js';
import { WriteQueue } from './write-queue.js';

/** The ledger over any database that has a {@link LedgerDialect}. */
export class SqlLedger implements Ledger {
  readonly name = 'ledger';
  readonly settings: LedgerSettings;
  readonly history: VerdictHistory;
  readonly #dialect: LedgerDialect;
  readonly #connections: LedgerConnections;
  readonly #queue: WriteQueue;
  #closing: Promise<void> | undefined;

  /** `connections` are open and their schema is up to date. */
  constructor(dialect: LedgerDialect, connections: LedgerConnections, settings: LedgerSettings) {
    this.#dialect = dialect;
    this.#connections = connections;
    this.#queue = new WriteQueue(connections.writer, connections.verify);
    this.settings = settings;
    this.history = {
      append: (record) =>
        this.#guard(() => this.#queue.run((transaction) => appendVerdict(transaction, record))),
      list: (filter) => this.#read((db) => listVerdicts(db, filter)),
      find: (id) => this.#read((db) => findVerdict(db, id)),
    };
  }

  record(batch: CountBatch, request: RecordRequest): Promise<RecordAnswer> {
    return this.#guard(() =>
      this.#queue.run((transaction) => recordBatch(transaction, batch, request, this.settings)),
    );
  }

  async observe(query: ObservationQuery, signal?: AbortSignal): Promise<ObservationAnswer> {
    if (signal?.aborted === true) return { kind: 'unavailable', reason: 'the request was cancelled' };
    try {
      return await this.#read((db) =>
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((transaction) => observe(transaction, query, this.settings)),
      );
    } catch (error) {
      return {
        kind: 'unavailable',
        reason: error instanceof VerdictError ? error.message : 'the ledger failed',
      };
    }
  }

  series(namespace: string, model: string): Promise<ModelSeries> {
    return this.#read(async (db) => {
      const rows = await db
        .selectFrom('series')
        .innerJoin('models', 'models.id', 'series.model_id')
        .select(['series.name', 'series.kind'])
        .where('models.namespace', '=', namespace)
        .where('models.name', '=', model)
        .execute();
      const outputs = new Map<string, OutputKind>();
      const outcomes = new Set<string>();
      for (const { name, kind } of rows) {
        if (kind === 'sums') outcomes.add(name);
        else outputs.set(name, kind);
      }
      return { outputs, outcomes };
    });
  }

  changeMarker(namespace: string, model: string): Promise<string> {
    return this.#read(async (db) => {
      const row = await db
        .selectFrom('models')
        .select('change_marker')
        .where('namespace', '=', namespace)
        .where('name', '=', model)
        .executeTakeFirst();
      return String(row?.change_marker ?? 0);
    });
  }

  sweep(nowMs: number): Promise<SweepReport> {
    return this.#guard(() => sweepLedger(this.#queue, nowMs, this.settings));
  }

  async ping(): Promise<void> {
    await this.#read((db) => db.selectFrom('models').select('id').limit(1).execute());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    const { reader, writer } = this.#connections;
    if (reader !== writer) await reader.destroy();
    await writer.destroy();
  }

  #read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#guard(() => work(this.#connections.reader));
  }

  /** Runs a piece of work; what the database says of a failure is turned into words without paths and SQL. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new VerdictError('unavailable', 'the ledger is closed');
    try {
      this.#connections.verify();
      return await work();
    } catch (error) {
      if (error instanceof VerdictError) throw error;
      throw new VerdictError(
        'unavailable',
        `the ledger cannot be used: ${this.#dialect.explain(error)}`,
        [],
        {
          cause: error,
        },
      );
    }
  }
}
