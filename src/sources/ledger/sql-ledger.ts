import type { Kysely } from 'kysely';
import { VerdictError } from '../../domain/errors.js';
import type { ObservationAnswer, ObservationQuery } from '../observation-source.js';
import type { CountBatch } from './count-batch.js';
import { LastFailures } from './failures.js';
import type { LedgerConnections, LedgerDialect } from './ledger-dialect.js';
import type {
  Ledger,
  LedgerSettings,
  LedgerStatus,
  ModelNames,
  ModelSeries,
  RecordAnswer,
  RecordRequest,
  SweepReport,
  VerdictHistory,
  VerdictRecord,
} from './ledger.js';
import { judgedSpan } from '../looks/judged-span.js';
import { observe } from './looks/observe.js';
import { NamesCache } from './names-cache.js';
import { readModelNames, readModelSeries } from './names-reader.js';
import type { Preparation } from './preparation.js';
import { manyIds, recordBatches, type Recording } from './recorder.js';
import { sweepLedger } from './sweep/sweep.js';
import type { Tables } from './tables.js';
import { readChangeMarker } from './change-marker.js';
import { appendVerdicts, findVerdict, listVerdicts, rollbackTimes } from './verdict-history.js';
import { WriteQueue } from './write-queue.js';
import { Writer } from './writer.js';

/** How much of a transaction a batch takes up is told in rows; above this it gets one of its own. */
const rowsPerGroup = 5000;

/** How many batches share a transaction at most, and so hold their models until all of them are written. */
const batchesPerGroup = 64;

/** The ledger over any database that has a {@link LedgerDialect}. */
export class SqlLedger implements Ledger {
  readonly name = 'ledger';
  readonly isRemote = false;
  readonly history: VerdictHistory;
  readonly #dialect: LedgerDialect;
  readonly #connections: LedgerConnections;
  readonly #preparation: Preparation;
  readonly #writer: Writer;
  readonly #recordings: WriteQueue<Recording, RecordAnswer>;
  readonly #verdicts: WriteQueue<VerdictRecord, undefined>;
  readonly #names: NamesCache;
  readonly #failures = new LastFailures();
  #settings: LedgerSettings;
  /** Why nothing more is taken in, while the last sweep could not make room. */
  #full: string | undefined;
  #closing: Promise<void> | undefined;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    dialect: LedgerDialect,
    connections: LedgerConnections,
    preparation: Preparation,
    settings: LedgerSettings,
  ) {
    this.#dialect = dialect;
    this.#connections = connections;
    this.#preparation = preparation;
    this.#settings = settings;
    this.#writer = new Writer(connections.writer, dialect, connections.verify);
    const judging = {
      isSeparable: (error: unknown) =>
        error instanceof VerdictError || dialect.failureKind(error) === 'other',
      // A single connection that was lost says nothing about the others.
      isForAll: (error: unknown) => this.#writer.isGone(error),
    };
    this.#recordings = new WriteQueue(
      {
        write: (recordings) =>
          this.#writer.run((transaction) =>
            recordBatches(transaction, recordings, this.#settings, dialect.keyedRows),
          ),
        weight: ({ batch }) => batch.cells + batch.ids,
        // Others may hold a model for long, with a large batch; those of other models do not wait for that.
        ...(dialect.writers === 1 ? {} : { keys: ({ batch }: Recording) => modelsOf(batch) }),
        ...judging,
      },
      { lanes: dialect.writers, items: batchesPerGroup, weight: rowsPerGroup },
    );
    this.#verdicts = new WriteQueue(
      {
        write: async (records) => {
          await this.#writer.run((transaction) => appendVerdicts(transaction, records));
          return records.map(() => undefined);
        },
        weight: () => 1,
        ...judging,
      },
      { lanes: 1, items: batchesPerGroup, weight: rowsPerGroup },
    );
    this.#names = new NamesCache({
      series: (namespace, model) => this.#read((db) => readModelSeries(db, namespace, model)),
      models: () => this.#read(readModelNames),
    });
    this.history = {
      append: (record) => this.#write(() => this.#verdicts.add(record)),
      list: (filter) => this.#read((db) => listVerdicts(db, filter)),
      rollbacks: (canary, fromMs, toMs) => this.#read((db) => rollbackTimes(db, canary, fromMs, toMs)),
      find: (id, visible) => this.#read((db) => findVerdict(db, id, visible)),
    };
  }

  get settings(): LedgerSettings {
    return this.#settings;
  }

  configure(settings: LedgerSettings): void {
    this.#settings = settings;
  }

  status(): LedgerStatus {
    try {
      this.#preparation.check();
    } catch (error) {
      return { available: false, reason: error instanceof Error ? error.message : 'not prepared' };
    }
    return this.#failures.status();
  }

  size(): Promise<number> {
    return this.#read((db) => this.#dialect.size(db));
  }

  async record(batch: CountBatch, request: RecordRequest): Promise<RecordAnswer> {
    if (this.#full !== undefined) throw new VerdictError('unavailable', this.#full);
    try {
      return await this.#write(() =>
        this.#recordings.add({ batch, request, handedOverMs: performance.now() }),
      );
    } finally {
      // Also after a failure: it may be that the names are not what they were taken for.
      await this.#names.written(batch).catch(() => undefined);
    }
  }

  async observe(query: ObservationQuery, signal?: AbortSignal): Promise<ObservationAnswer> {
    if (signal?.aborted === true) return { kind: 'unavailable', reason: 'the request was cancelled' };
    try {
      return await this.#read((db) =>
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((transaction) => observe(transaction, query, this.#settings)),
      );
    } catch (error) {
      return {
        kind: 'unavailable',
        reason: error instanceof VerdictError ? error.message : 'the ledger failed',
      };
    }
  }

  series(namespace: string, model: string): Promise<ModelSeries> {
    return this.#names.series(namespace, model);
  }

  models(): Promise<ModelNames> {
    return this.#names.models();
  }

  newestLook(query: ObservationQuery): number {
    return judgedSpan(query, this.#settings).to;
  }

  changeMarker(namespace: string, model: string): Promise<string> {
    return this.#read((db) => readChangeMarker(db, namespace, model));
  }

  async sweep(nowMs: number): Promise<SweepReport> {
    const report = await this.#write(() =>
      sweepLedger(
        {
          writer: this.#writer,
          dialect: this.#dialect,
          isStopped: () => this.#closing !== undefined,
        },
        nowMs,
        this.#settings,
      ),
    );
    this.#full = report.full;
    if (report.names > 0) this.#names.clear();
    return report;
  }

  async ping(): Promise<void> {
    await this.#read((db) => db.selectFrom('models').select('id').limit(1).execute());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#preparation.stop();
    await Promise.all([this.#recordings.close(), this.#verdicts.close()]);
    // A connection that is closed under a statement takes the process along.
    await Promise.allSettled(this.#underWay);
    await this.#connections.close();
  }

  /** Reads; a connection that was lost while nobody used it is no reason to fail. */
  #read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#guard('read', async () => {
      try {
        return await work(this.#connections.reader);
      } catch (error) {
        const kind = this.#dialect.failureKind(error);
        const mayHelp = kind === 'conflict' || (kind === 'away' && this.#failures.status().available);
        if (!mayHelp || this.#closing !== undefined) throw error;
        return await work(this.#connections.reader);
      }
    });
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    return this.#guard('write', work);
  }

  /** Runs a piece of work; what the database says of a failure is turned into words without paths and SQL. */
  async #guard<T>(kind: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new VerdictError('unavailable', 'the ledger is closed');
    this.#preparation.check();
    try {
      this.#verify(kind);
      const answer = await this.#toTheEnd(work());
      this.#failures.succeeded(kind);
      return answer;
    } catch (error) {
      // What the ledger itself refuses says nothing about the database.
      if (error instanceof VerdictError) throw error;
      const reason = `the ledger cannot be used: ${this.#dialect.explain(error)}`;
      this.#failures.failed(kind, reason);
      throw new VerdictError('unavailable', reason, [], { cause: this.#dialect.loggable(error) });
    }
  }

  /** Work that closing waits for. */
  async #toTheEnd<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  #verify(kind: 'read' | 'write'): void {
    try {
      this.#connections.verify();
    } catch (error) {
      this.#failures.failed(kind, error instanceof Error ? error.message : 'it cannot be used');
      throw error;
    }
  }
}

/** The models that a batch takes hold of; not those that it lets others have until it is almost done. */
function modelsOf(batch: CountBatch): readonly string[] {
  return batch
    .models()
    .filter(({ predictionIds }) => predictionIds.length < manyIds)
    .map(({ namespace, model }) => `${namespace}\0${model}`);
}
