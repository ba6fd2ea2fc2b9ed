import type { VerdictDocument } from '../../domain/verdict.js';
import type { LookRules } from '../looks/look-rules.js';
import type { ObservationSource } from '../observation-source.js';
import type { CountBatch, OutputKind, SignedOutcomeSum } from './count-batch.js';
import type { IdempotentRequest } from './idempotency-keys.js';

/** How the ledger counts and what it keeps. Times in milliseconds. */
export interface LedgerSettings extends LookRules {
  /** For how long an outcome finds its prediction by id, and the other way round. */
  readonly joinWindowMs: number;
  /** For how long a repeated `Idempotency-Key` is recognised. */
  readonly idempotencyMs: number;
  /** Counts older than this are swept out. */
  readonly keepCountsMs: number;
  /** Verdicts older than this are swept out. */
  readonly keepVerdictsMs: number;
  /** Above so many bytes the oldest is swept out before its time; infinite: whatever it takes. */
  readonly maxSizeBytes: number;
  /** How many models the ledger may have, over all namespaces. */
  readonly maxModels: number;
  /** How many versions a model may have. */
  readonly maxVersions: number;
  /** How many labels of a prediction output are told apart; all further ones are counted together. */
  readonly maxLabels: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** What holds where nothing else is configured. */
export const defaultLedgerSettings: LedgerSettings = {
  settleMs: 10_000,
  lookbackMs: day,
  restartGapMs: 10 * minute,
  joinWindowMs: 7 * day,
  idempotencyMs: day,
  keepCountsMs: 35 * day,
  keepVerdictsMs: 365 * day,
  maxSizeBytes: Infinity,
  maxModels: 1000,
  maxVersions: 1000,
  maxLabels: 200,
  denominator: () => 'outcomes',
  routing: () => 'random',
};

/** When a batch arrived, and whether it may be a repetition. */
export interface RecordRequest {
  readonly nowMs: number;
  readonly idempotent?: IdempotentRequest;
  /** Whether the answer is to tell which versions the outcomes with an id were counted for. */
  readonly tellJoined?: boolean;
}

/** Outcomes that were counted for a version for the first time. */
export interface VersionOutcomes {
  readonly namespace: string;
  readonly model: string;
  readonly version: string;
  readonly outcome: string;
  readonly sum: Readonly<SignedOutcomeSum>;
}

/** What became of a batch. A duplicate and a conflict have changed nothing. */
export type RecordAnswer =
  /**
   * `unmatched`: outcomes with an id whose prediction has not been seen so far. `joined`, where it was asked for: the
   * outcomes with an id that got their version by this batch, its own and those that waited for its predictions.
   */
  | { readonly kind: 'recorded'; readonly unmatched: number; readonly joined?: readonly VersionOutcomes[] }
  /** The same request was recorded before; `answer` is what it was answered then. */
  | { readonly kind: 'duplicate'; readonly answer: string }
  /** The key was used for another body. */
  | { readonly kind: 'key-conflict' };

/** The names under which a model has been counted. */
export interface ModelSeries {
  readonly outputs: ReadonlyMap<string, OutputKind>;
  readonly outcomes: ReadonlySet<string>;
  /** The labels of the outputs that have labels. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  readonly versions: ReadonlySet<string>;
}

/** The models of a ledger. */
export interface ModelNames {
  readonly count: number;
  has(namespace: string, model: string): boolean;
}

/** Whether the ledger could be used when it was last used. */
export interface LedgerStatus {
  readonly available: boolean;
  /** Why not. */
  readonly reason?: string;
}

/** A verdict as the history keeps it. */
export interface VerdictRecord {
  readonly namespace: string;
  /** The step of the rollout that asked, as it named itself. */
  readonly step?: string;
  /** When it was first given, milliseconds since the epoch. */
  readonly recordedMs: number;
  readonly document: VerdictDocument;
}

/** Which verdicts are wanted. Everything that is given has to hold. */
export interface VerdictFilter {
  readonly namespace?: string;
  readonly model?: string;
  readonly canary?: string;
  readonly verdict?: string;
  /** Recorded at this instant or later. */
  readonly sinceMs?: number;
  /** Recorded before this instant. */
  readonly untilMs?: number;
  /** Of which models; absent: of all. */
  readonly visible?: (namespace: string, model: string) => boolean;
  /** At most so many. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

/** Verdicts, newest first; `nextCursor` is there while older ones remain. */
export interface VerdictPage {
  readonly records: readonly VerdictRecord[];
  readonly nextCursor?: string;
}

/** The verdicts that were given. */
export interface VerdictHistory {
  /**
   * Keeps a verdict. The same document of the same canary is kept once for each step, with its first time. A document without a
   * model or canary that exists is kept as well: the history tells what was asked.
   */
  append(record: VerdictRecord): Promise<void>;
  /** Throws an `invalid-input` error for a cursor that is none. */
  list(filter: VerdictFilter): Promise<VerdictPage>;
  /** The instants for which a canary was told to be rolled back, within a span of time, ascending. */
  rollbacks(
    canary: { readonly namespace: string; readonly model: string; readonly canary: string },
    fromMs: number,
    toMs: number,
  ): Promise<readonly number[]>;
  /** The newest verdict with this id among those of visible models; absent: of all. */
  find(id: string, visible?: VerdictFilter['visible']): Promise<VerdictRecord | undefined>;
}

/** What a sweep has removed, in rows. */
export interface SweepReport {
  readonly predictionIds: number;
  readonly pendingOutcomes: number;
  readonly idempotencyKeys: number;
  readonly minutes: number;
  readonly verdicts: number;
  /** Models, versions, outputs and outcomes without counts. */
  readonly names: number;
  /** Why nothing more is taken in: the ledger is too large, and what is left of it is needed. */
  readonly full?: string;
}

/**
 * The embedded memory of ml-verdict: counts of requests by model, version and minute, the joins between
 * predictions and outcomes, and the history of verdicts. Everything that is answered is durable.
 *
 * Nothing in this interface depends on the database below. Except for `observe`, which answers it, a database
 * that cannot be used is a VerdictError with the code `unavailable`, without paths and SQL.
 */
export interface Ledger extends ObservationSource {
  readonly settings: LedgerSettings;
  readonly history: VerdictHistory;
  /** Changes the settings for everything that is asked from now on. */
  configure(settings: LedgerSettings): void;
  /** Whether the database answers, as the last operations found it; asks nothing of it. */
  status(): LedgerStatus;
  /** The bytes that the ledger takes. */
  size(): Promise<number>;
  /** Writes a batch as a whole, or not at all. */
  record(batch: CountBatch, request: RecordRequest): Promise<RecordAnswer>;
  /** The names of a model; empty for a model that is not known. A few seconds old at most. */
  series(namespace: string, model: string): Promise<ModelSeries>;
  /** Which models there are, over all namespaces. A few seconds old at most. */
  models(): Promise<ModelNames>;
  /** Removes what is older than the settings say. To be called from time to time. */
  sweep(nowMs: number): Promise<SweepReport>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Finishes what was begun and closes the database. */
  close(): Promise<void>;
}
