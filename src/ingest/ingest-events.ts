import { createHash } from 'node:crypto';
import { VerdictError, invalidInput } from '../domain/errors.js';
import { CountBatch, minuteMs, type Ledger } from '../sources/index.js';
import type { BodyItem } from './body-item.js';
import { readBody, type BodyStream } from './body-reader.js';
import { recordAndTell, type CountListener } from './count-listener.js';
import { defaultIngestLimits, type IngestLimits } from './ingest-limits.js';
import type { IngestAnswer, IngestResult } from './ingest-result.js';
import { unlimitedShare, type MemoryShare } from './memory-share.js';
import type { LineProblem, TimeWindow } from './line-fields.js';
import { Refusals, type Refusal } from './refusals.js';
import { SeriesGuard, type KnownSeries } from './series-guard.js';

/** What an ingest needs beside the body. */
export interface IngestOptions {
  readonly ledger: Pick<Ledger, 'record' | 'series' | 'models' | 'settings'>;
  /** The clock: milliseconds since the epoch. */
  readonly now: () => number;
  /** The request's `Idempotency-Key`. */
  readonly idempotencyKey?: string;
  readonly limits?: Partial<IngestLimits>;
  /** What the body may hold in memory; absent: whatever it takes. Given back before the answer. */
  readonly memory?: MemoryShare;
  /** Who sends: idempotency keys are unique within a caller. Absent: whoever it is. */
  readonly caller?: string;
  /** Whether the caller may send for a model, asked once for each; absent: for all. */
  readonly mayIngest?: (namespace: string, model: string) => boolean;
  /** Is told of what was counted once it is durable, before the answer. */
  readonly listener?: CountListener;
}

/** An event of a line, as far as reading is concerned. */
interface Event {
  readonly namespace: string;
  readonly model: string;
  readonly atMs: number;
}

/** What is particular to one kind of event. */
export interface EventKind<E extends Event> {
  /** Idempotency keys are unique within it. */
  readonly name: string;
  read(value: unknown, window: TimeWindow): E | LineProblem;
  check(event: E, guard: SeriesGuard, known: KnownSeries): LineProblem | undefined;
  add(batch: CountBatch, event: E): void;
}

const longestKey = 255;

/** A name that is looked up with every line, in a set of its own of each body. */
const bytesPerName = 32;

/**
 * Reads a body of events and records it in one transaction. The events are counted while the body comes in, so
 * only counts (and hashes of ids) are held; nothing is written before the body is complete.
 */
export async function ingestEvents<E extends Event>(
  kind: EventKind<E>,
  stream: BodyStream,
  options: IngestOptions,
): Promise<IngestResult> {
  try {
    const key = options.idempotencyKey;
    if (key !== undefined && (key === '' || key.length > longestKey)) {
      const message = `expected 1 to ${longestKey} characters, got ${key.length}`;
      throw invalidInput([{ path: 'Idempotency-Key', message }]);
    }
    return await readAndRecord(kind, stream, options);
  } catch (error) {
    if (error instanceof VerdictError) return { kind: 'failed', error };
    throw error;
  } finally {
    options.memory?.release();
  }
}

async function readAndRecord<E extends Event>(
  kind: EventKind<E>,
  stream: BodyStream,
  options: IngestOptions,
): Promise<IngestResult> {
  const limits = { ...defaultIngestLimits, ...options.limits };
  const counter = new EventCounter(kind, options, limits);
  const bodyHash = createHash('sha256');
  const hashed = options.idempotencyKey !== undefined;
  const memory = options.memory ?? unlimitedShare;
  const body = readBody(stream, limits, (piece) => {
    if (hashed) bodyHash.update(piece);
  });
  for await (const items of body) {
    await counter.count(items);
    memory.hold(counter.bytes);
  }
  const first = { accepted: counter.accepted, refused: counter.refusals.list() };
  const request = {
    nowMs: options.now(),
    ...(options.idempotencyKey === undefined
      ? {}
      : {
          idempotent: {
            key: keyWithin(kind.name, options.caller, options.idempotencyKey),
            bodyHash: bodyHash.digest('base64url'),
            answer: JSON.stringify(first),
          },
        }),
  };
  const answered = await recordAndTell(options.ledger, counter.batch, request, options.listener);
  switch (answered.kind) {
    case 'recorded': {
      const { accepted, refusals, late } = counter;
      const tally = { accepted, refused: refusals.total, late, unmatched: answered.unmatched };
      return { kind: 'answered', answer: { ...first, duplicate: false }, tally };
    }
    case 'duplicate': {
      const tally = { accepted: 0, refused: 0, late: 0, unmatched: 0 };
      return { kind: 'answered', answer: { ...readAnswer(answered.answer), duplicate: true }, tally };
    }
    case 'key-conflict':
      throw new VerdictError(
        'conflict',
        'the Idempotency-Key was used for another body; give every body a key of its own',
        [{ path: 'Idempotency-Key', message: 'expected a key that was not used for another body' }],
      );
  }
}

/** A key as the ledger knows it: neither kinds of events nor callers get into each other's way. */
function keyWithin(kind: string, caller: string | undefined, key: string): string {
  return [kind, ...(caller === undefined ? [] : [caller]), key].join('\0');
}

function readAnswer(text: string): Omit<IngestAnswer, 'duplicate'> {
  const { accepted, refused } = JSON.parse(text) as { accepted: number; refused: readonly Refusal[] };
  return { accepted, refused };
}

/** Counts the events of a body as they come in. */
class EventCounter<E extends Event> {
  readonly batch = new CountBatch();
  readonly refusals: Refusals;
  accepted = 0;
  late = 0;
  readonly #kind: EventKind<E>;
  readonly #options: IngestOptions;
  readonly #limits: IngestLimits;
  readonly #guard: SeriesGuard;
  /** Names of the models of the body that the ledger had already. */
  #names = 0;

  constructor(kind: EventKind<E>, options: IngestOptions, limits: IngestLimits) {
    this.refusals = new Refusals(limits.maxRefusals);
    this.#kind = kind;
    this.#options = options;
    this.#limits = limits;
    this.#guard = new SeriesGuard(options.ledger, limits, options.mayIngest, this.batch);
  }

  /** About what the counts so far take in memory. */
  get bytes(): number {
    return this.batch.bytes + this.#names * bytesPerName;
  }

  async count(items: readonly BodyItem[]): Promise<void> {
    const nowMs = this.#options.now();
    const window = { nowMs, maxAgeMs: this.#limits.maxAgeMs, maxAheadMs: this.#limits.maxAheadMs };
    const closedBefore = Math.floor((nowMs - this.#options.ledger.settings.settleMs) / minuteMs) * minuteMs;
    for (const item of items) {
      if ('problem' in item) {
        this.refusals.add({ line: item.line, field: '', reason: item.problem });
        continue;
      }
      const event = this.#kind.read(item.value, window);
      if ('reason' in event) {
        this.refusals.add({ line: item.line, ...event });
        continue;
      }
      const { namespace, model } = event;
      const known = this.#guard.find(namespace, model) ?? (await this.#load(namespace, model));
      const problem = known.refused ?? this.#kind.check(event, this.#guard, known);
      if (problem !== undefined) {
        this.refusals.add({ line: item.line, ...problem });
        continue;
      }
      this.#kind.add(this.batch, event);
      this.accepted++;
      if (event.atMs < closedBefore) this.late++;
    }
  }

  async #load(namespace: string, model: string): Promise<KnownSeries> {
    const known = await this.#guard.load(namespace, model);
    // A model that is refused is not kept.
    if (known.refused !== undefined) return known;
    this.#names += known.outputs.size + known.outcomes.size + known.versions.size;
    for (const labels of known.labels.values()) this.#names += labels.size;
    return known;
  }
}
