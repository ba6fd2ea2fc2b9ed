import type { Kysely, Transaction } from 'kysely';
import { invalidInput } from '../../domain/errors.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import type { VerdictFilter, VerdictPage, VerdictRecord } from './ledger.js';
import type { Tables } from './tables.js';

/** Keeps a verdict within a transaction; a document that the canary has already at that step is left as it is. */
export async function appendVerdict(transaction: Transaction<Tables>, record: VerdictRecord): Promise<void> {
  const { document } = record;
  if (record.step === undefined && (await isKept(transaction, record))) return;
  const inserted = await transaction
    .insertInto('verdicts')
    .values({
      id: document.id,
      namespace: record.namespace,
      model: document.model,
      canary: document.canary,
      verdict: document.verdict,
      as_of_ms: document.asOf === null ? null : Date.parse(document.asOf),
      recorded_ms: record.recordedMs,
      step: record.step ?? '',
      document: JSON.stringify(document),
    })
    .onConflict((conflict) => conflict.columns(['namespace', 'model', 'canary', 'id', 'step']).doNothing())
    .returning('sequence')
    .executeTakeFirst();
  // A rollback decides where the canary's next life begins, so it may change what later verdicts are made from.
  if (inserted !== undefined && document.verdict === 'rollback') {
    await transaction
      .updateTable('models')
      .set((set) => ({ change_marker: set('change_marker', '+', 1) }))
      .where('namespace', '=', record.namespace)
      .where('name', '=', document.model)
      .execute();
  }
}

/** Whether the canary has the document already, at whatever step: a question without a step adds nothing to it. */
async function isKept(
  transaction: Transaction<Tables>,
  { namespace, document }: VerdictRecord,
): Promise<boolean> {
  const found = await transaction
    .selectFrom('verdicts')
    .select('sequence')
    .where('id', '=', document.id)
    .where('namespace', '=', namespace)
    .where('model', '=', document.model)
    .where('canary', '=', document.canary)
    .executeTakeFirst();
  return found !== undefined;
}

/** A page of the history, newest first. */
export async function listVerdicts(db: Kysely<Tables>, filter: VerdictFilter): Promise<VerdictPage> {
  const after = filter.cursor === undefined ? undefined : readCursor(filter.cursor);
  let query = db.selectFrom('verdicts').selectAll();
  if (filter.namespace !== undefined) query = query.where('namespace', '=', filter.namespace);
  if (filter.model !== undefined) query = query.where('model', '=', filter.model);
  if (filter.canary !== undefined) query = query.where('canary', '=', filter.canary);
  if (filter.verdict !== undefined) query = query.where('verdict', '=', filter.verdict);
  if (filter.sinceMs !== undefined) query = query.where('recorded_ms', '>=', filter.sinceMs);
  if (filter.untilMs !== undefined) query = query.where('recorded_ms', '<', filter.untilMs);
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('recorded_ms', '<', after.recordedMs),
        where.and([where('recorded_ms', '=', after.recordedMs), where('sequence', '<', after.sequence)]),
      ]),
    );
  }
  const rows = await query
    .orderBy('recorded_ms', 'desc')
    .orderBy('sequence', 'desc')
    .limit(filter.limit + 1)
    .execute();
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    records: page.map(recordOf),
    ...(rows.length > page.length && last !== undefined
      ? { nextCursor: writeCursor({ recordedMs: last.recorded_ms, sequence: last.sequence }) }
      : {}),
  };
}

/** The newest verdict with an id. */
export async function findVerdict(db: Kysely<Tables>, id: string): Promise<VerdictRecord | undefined> {
  const row = await db
    .selectFrom('verdicts')
    .selectAll()
    .where('id', '=', id)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
}

/**
 * When a canary was told to roll back: the ends of the looks that were judged, milliseconds since the epoch,
 * ascending.
 */
export async function rollbackTimes(
  db: Kysely<Tables>,
  canary: { readonly namespace: string; readonly model: string; readonly canary: string },
  fromMs: number,
  toMs: number,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('verdicts')
    .select('as_of_ms')
    .distinct()
    .where('namespace', '=', canary.namespace)
    .where('model', '=', canary.model)
    .where('canary', '=', canary.canary)
    .where('verdict', '=', 'rollback')
    .where('as_of_ms', '>=', fromMs)
    .where('as_of_ms', '<=', toMs)
    .orderBy('as_of_ms')
    .execute();
  return rows.flatMap((row) => (row.as_of_ms === null ? [] : [row.as_of_ms]));
}

function recordOf(row: {
  readonly namespace: string;
  readonly step: string;
  readonly recorded_ms: number;
  readonly document: string;
}): VerdictRecord {
  return {
    namespace: row.namespace,
    ...(row.step === '' ? {} : { step: row.step }),
    recordedMs: row.recorded_ms,
    document: JSON.parse(row.document) as VerdictDocument,
  };
}

interface Cursor {
  readonly recordedMs: number;
  readonly sequence: number;
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.recordedMs}.${cursor.sequence}`).toString('base64url');
}

function readCursor(text: string): Cursor {
  const match = /^(-?\d+)\.(\d+)$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match?.[1] === undefined || match[2] === undefined) {
    throw invalidInput([
      { path: 'cursor', message: 'expected the cursor of an earlier answer, got something else' },
    ]);
  }
  return { recordedMs: Number(match[1]), sequence: Number(match[2]) };
}
