import { maximumBeforeLooks } from '../../../domain/observations.js';
import { minuteMs } from '../count-batch.js';
import type { LedgerSettings } from '../ledger.js';
import type { Writer } from '../writer.js';
import { sweepCounts } from './sweep-counts.js';
import { rowsPerStep, sweepRows, type SweptTable } from './sweep-rows.js';
import type { SweepParts } from './sweep-parts.js';

/** Once something has to go, so much of the allowed size is made free that the next sweep finds nothing to do. */
const slack = 0.1;

const minutesPerSlice = 24 * 60;

/** Under this name the ledger remembers how large its files were when they were last made free inside. */
const mark = 'size_after_sweep';

/** What was removed before its time. */
export interface EarlySweep {
  readonly predictionIds: number;
  readonly pendingOutcomes: number;
  readonly verdicts: number;
  readonly minutes: number;
  /** Why the ledger is still too large. */
  readonly full: string | undefined;
}

/**
 * Removes the oldest of a ledger that is larger than the settings allow: first the ids that would be forgotten next,
 * since a lost join costs one outcome; then old verdicts, which nothing is judged by; then old counts. Whatever a
 * running canary is judged by, within the lookback, stays.
 */
export async function sweepToSize(
  { writer, dialect }: SweepParts,
  nowMs: number,
  settings: LedgerSettings,
): Promise<EarlySweep> {
  const { maxSizeBytes, lookbackMs, joinWindowMs } = settings;
  const removed = { predictionIds: 0, pendingOutcomes: 0, verdicts: 0, minutes: 0 };
  if (maxSizeBytes === Infinity) return { ...removed, full: undefined };
  const size = await sizeOf(writer, dialect);
  const known = await readMark(writer);
  const allowed = Math.max(maxSizeBytes, known);
  // The files were made small again, by hand.
  if (size <= maxSizeBytes && known > 0) await writeMark(writer, 0);
  if (size <= allowed) return { ...removed, full: undefined };

  const room = new Room(writer, dialect, size, size - allowed + slack * maxSizeBytes);
  const recent = nowMs - lookbackMs;
  const arrivedBefore = Math.floor((recent + joinWindowMs) / minuteMs);
  const steps: readonly (readonly [keyof typeof removed, SweptTable, number])[] = [
    ['predictionIds', 'prediction_ids', arrivedBefore],
    ['pendingOutcomes', 'pending_outcomes', arrivedBefore],
    ['verdicts', 'verdicts', recent],
  ];
  for (const [what, table, limit] of steps) {
    while (!(await room.isEnough())) {
      const rows = await sweepRows(writer, table, limit, rowsPerStep);
      removed[what] += rows;
      await room.removed(table, rows);
      if (rows < rowsPerStep) break;
    }
  }
  const lastMinute = Math.floor(recent / minuteMs) - maximumBeforeLooks;
  let minute = await oldestMinute(writer);
  while (minute < lastMinute && !(await room.isEnough())) {
    minute = Math.min(minute + minutesPerSlice, lastMinute);
    const rows = await sweepCounts(writer, minute);
    removed.minutes += rows;
    await room.removed('minute_counts', rows);
  }
  const after = await room.size();
  // A server keeps the space of removed rows in its files and uses it again.
  if (dialect.bytesPerRow !== undefined) await writeMark(writer, Math.min(size, allowed + size - after));
  if (after <= allowed) return { ...removed, full: undefined };
  const full = `the ledger is full: it takes ${mebibytes(size)} MiB, more than the ${mebibytes(maxSizeBytes)} MiB of ledger.maxSize, and all of it is needed by the canaries of the last ${lookbackMs / 3_600_000} hours`;
  return { ...removed, full };
}

/** How much room was made: measured, or told by the rows where removed rows leave the files as large as they were. */
class Room {
  readonly #writer: Writer;
  readonly #dialect: SweepParts['dialect'];
  readonly #before: number;
  readonly #wanted: number;
  #freed = 0;

  constructor(writer: Writer, dialect: SweepParts['dialect'], before: number, wanted: number) {
    this.#writer = writer;
    this.#dialect = dialect;
    this.#before = before;
    this.#wanted = wanted;
  }

  async removed(table: SweptTable | 'minute_counts', rows: number): Promise<void> {
    const { bytesPerRow } = this.#dialect;
    if (bytesPerRow === undefined || rows === 0) return;
    this.#freed += rows * (await this.#writer.run((transaction) => bytesPerRow(transaction, table)));
  }

  async size(): Promise<number> {
    if (this.#dialect.bytesPerRow !== undefined) return this.#before - this.#freed;
    return sizeOf(this.#writer, this.#dialect);
  }

  async isEnough(): Promise<boolean> {
    return this.#before - (await this.size()) >= this.#wanted;
  }
}

function sizeOf(writer: Writer, dialect: SweepParts['dialect']): Promise<number> {
  return writer.run((transaction) => dialect.size(transaction));
}

async function oldestMinute(writer: Writer): Promise<number> {
  const [first] = await writer.run((transaction) =>
    transaction
      .selectFrom('versions')
      .select((select) =>
        select.fn
          .min<number | null>(
            select
              .selectFrom('minute_counts')
              .select('minute_counts.minute')
              .whereRef('minute_counts.version_id', '=', 'versions.id')
              .orderBy('minute_counts.minute')
              .limit(1),
          )
          .as('minute'),
      )
      .execute(),
  );
  return first?.minute ?? Infinity;
}

async function readMark(writer: Writer): Promise<number> {
  const row = await writer.run((transaction) =>
    transaction.selectFrom('ledger_state').select('number').where('name', '=', mark).executeTakeFirst(),
  );
  return row?.number ?? 0;
}

async function writeMark(writer: Writer, number: number): Promise<void> {
  await writer.run((transaction) =>
    transaction
      .insertInto('ledger_state')
      .values({ name: mark, number })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ number }))
      .execute(),
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}
