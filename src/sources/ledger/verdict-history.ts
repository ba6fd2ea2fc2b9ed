import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { invalidInput } from '../../domain/errors.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { markRollback } from './change-marker.js';
import { compareText } from './compare-text.js';
import type { VerdictFilter, VerdictPage, VerdictRecord } from './ledger.js';
import type { Tables } from './tables.js';

/**
 * Keeps verdicts within one transaction, those of one model one after the other in an order that is the same
 * everywhere: two transactions that each hold what the other wants would wait for ever.
 */
export async function appendVerdicts(
  transaction: Transaction<Tables>,
  records: readonly VerdictRecord[],
): Promise<void> {
  const ordered = records.map((record) => ({ record, key: orderOf(record) }));
  ordered.sort((one, other) => compareText(one.key, other.key));
  for (const { record } of ordered) await appendVerdict(transaction, record);
}

function orderOf({ namespace, document: { model, canary, id }, step = '' }: VerdictRecord): string {
  return [namespace, model, canary, id, step].join('\0');
}

/** Keeps a verdict; a document that the canary has already at that step is left as it is. */
async function appendVerdict(transaction: Transaction<Tables>, record: VerdictRecord): Promise<void> {
  const { document } = record;
  if (await isKept(transaction, record)) return;
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
    // Without the columns: long names are too much for an index of some databases, which has a hash of them.
    .onConflict((conflict) => conflict.doNothing())
    .returning('sequence')
    .executeTakeFirst();
  // A rollback decides where the canary's next life begins, so it may change what later verdicts are made from.
  if (inserted !== undefined && document.verdict === 'rollback') {
    await markRollback(transaction, record.namespace, document.model);
  }
}

/**
 * Whether the canary has the document already, at this step; a question without a step adds nothing to what was
 * kept at whatever step.
 */
async function isKept(
  transaction: Transaction<Tables>,
  { namespace, document, step }: VerdictRecord,
): Promise<boolean> {
  let query = transaction
    .selectFrom('verdicts')
    .select('sequence')
    .where('id', '=', document.id)
    .where('namespace', '=', namespace)
    .where('model', '=', document.model)
    .where('canary', '=', document.canary);
  if (step !== undefined) query = query.where('step', '=', step);
  return (await query.executeTakeFirst()) !== undefined;
}

/** A page of the history, newest first. */
export async function listVerdicts(db: Kysely<Tables>, filter: VerdictFilter): Promise<VerdictPage> {
  const after = filter.cursor === undefined ? undefined : readCursor(filter.cursor);
  const rows =
    filter.visible === undefined
      ? await matching(db, filter, after)
          .selectAll()
          .limit(filter.limit + 1)
          .execute()
      : await visibleRows(db, filter, after, filter.visible);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    records: page.map(recordOf),
    ...(rows.length > page.length && last !== undefined
      ? { nextCursor: writeCursor({ recordedMs: last.recorded_ms, sequence: last.sequence }) }
      : {}),
  };
}

/** What a filter asks for, newest first, from behind a cursor on. */
function matching(db: Kysely<Tables>, filter: VerdictFilter, after: Cursor | undefined) {
  let query = db.selectFrom('verdicts').orderBy('recorded_ms', 'desc').orderBy('sequence', 'desc');
  if (filter.namespace !== undefined) query = query.where('namespace', '=', filter.namespace);
  if (filter.model !== undefined) query = query.where('model', '=', filter.model);
  if (filter.canary !== undefined) query = query.where('canary', '=', filter.canary);
  // Written out, so that the index of the rollbacks is taken.
  if (filter.verdict === 'rollback') query = query.where('verdict', '=', sql.lit('rollback'));
  else if (filter.verdict !== undefined) query = query.where('verdict', '=', filter.verdict);
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
  return query;
}

/** How many verdicts are looked through at a time for those of visible models. */
const batchSize = 1000;

/**
 * One more verdict than the page has, of visible models only. Whose they are is read first, in turns of the event loop: a
 * caller may see few of many, and their documents are what costs.
 */
async function visibleRows(
  db: Kysely<Tables>,
  filter: VerdictFilter,
  start: Cursor | undefined,
  visible: NonNullable<VerdictFilter['visible']>,
) {
  const sequences: number[] = [];
  let after = start;
  for (;;) {
    const heads = await matching(db, filter, after)
      .select(['sequence', 'recorded_ms', 'namespace', 'model'])
      .limit(batchSize)
      .execute();
    const seen = heads.filter(({ namespace, model }) => visible(namespace, model));
    sequences.push(...seen.map(({ sequence }) => sequence));
    const last = heads.at(-1);
    if (sequences.length > filter.limit || heads.length < batchSize || last === undefined) break;
    after = { recordedMs: last.recorded_ms, sequence: last.sequence };
    await nextTurn();
  }
  const wanted = sequences.slice(0, filter.limit + 1);
  if (wanted.length === 0) return [];
  return matching(db, { limit: wanted.length }, undefined)
    .selectAll()
    .where('sequence', 'in', wanted)
    .execute();
}

/** The newest verdict with an id, of visible models. */
export async function findVerdict(
  db: Kysely<Tables>,
  id: string,
  visible: VerdictFilter['visible'] = () => true,
): Promise<VerdictRecord | undefined> {
  // The same numbers of two namespaces have the same id.
  const heads = await db
    .selectFrom('verdicts')
    .select(['sequence', 'namespace', 'model'])
    .where('id', '=', id)
    .orderBy('sequence', 'desc')
    .execute();
  const newest = heads.find(({ namespace, model }) => visible(namespace, model));
  if (newest === undefined) return undefined;
  const row = await db
    .selectFrom('verdicts')
    .selectAll()
    .where('sequence', '=', newest.sequence)
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
    // Written out, so that the index of the rollbacks is taken.
    .where('verdict', '=', sql.lit('rollback'))
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
