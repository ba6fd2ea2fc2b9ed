import { sql, type Insertable, type Transaction } from 'kysely';
import { inTurns } from './in-turns.js';
import type { KeyedRow, KeyedRows } from './keyed-rows.js';
import type { LedgerDialect } from './ledger-dialect.js';
import { negated, sumOfOne, type OutcomeSums } from './outcome-sums.js';
import type { Tables } from './tables.js';

/**
 * Joins outcomes to predictions by id, in whichever order they arrive. An outcome counts in the look in which its
 * prediction was served; until that is known, one that names its version counts in the look of its own time, and
 * one that does not waits uncounted. The latest prediction of an id is the one that outcomes are joined to.
 */

const rowsPerStatement = 200;
const idsPerStatement = 500;

/** Sums that wait to be written are written once there are so many: the memory of a large body stays bounded. */
const waitingSums = 5000;

/** What the rows of a batch refer to by number. */
export interface JoinContext {
  readonly transaction: Transaction<Tables>;
  /** Where the joined outcomes are gathered. */
  readonly sums: OutcomeSums;
  /** Numbers of the batch's versions, by their index in the batch. */
  readonly versionIds: readonly number[];
  readonly nowMinute: number;
  readonly joinWindowMinutes: number;
  readonly keyedRows: LedgerDialect['keyedRows'];
}

/** Where a prediction was counted. */
interface Place {
  readonly versionId: number;
  readonly minute: number;
}

/** Remembers the ids of predictions and counts the outcomes that were waiting for them. */
export async function joinPredictions(context: JoinContext, rows: KeyedRows): Promise<void> {
  const { transaction } = context;
  const someWait = await transaction.selectFrom('pending_outcomes').select('id').limit(1).executeTakeFirst();
  const expiresMinute = context.nowMinute + context.joinWindowMinutes;
  for await (const chunk of inTurns(rows.chunks(idsPerStatement))) {
    const places = new Map(chunk.map((row) => [row.key, placeOf(row, context)]));
    const ordered = [...places].map(([key, place]) => ({ key, ...place }));
    // Neighbours in the index are written one after the other.
    ordered.sort((one, other) => (one.key < other.key ? -1 : 1));
    await sql`
      insert into prediction_ids (key, version_id, minute, expires_minute)
      select key, version_id, minute, ${sql.lit(expiresMinute)} from ${context.keyedRows(ordered)} where true
      on conflict (key) do update set version_id = excluded.version_id, minute = excluded.minute,
        expires_minute = excluded.expires_minute`.execute(transaction);
    if (someWait !== undefined) await countWaiting(context, places);
    if (context.sums.size > waitingSums) await context.sums.write(context.transaction);
  }
}

function placeOf(row: KeyedRow, context: JoinContext): Place {
  const [version = 0, minute = 0] = row.numbers;
  return { versionId: context.versionIds[version] ?? 0, minute };
}

async function countWaiting(context: JoinContext, places: ReadonlyMap<string, Place>): Promise<void> {
  const { transaction, sums } = context;
  const waiting = await transaction
    .selectFrom('pending_outcomes')
    .selectAll()
    .where('key', 'in', [...places.keys()])
    .where('expires_minute', '>', context.nowMinute)
    .execute();
  const joined: number[] = [];
  for (const outcome of waiting) {
    const place = places.get(outcome.key);
    if (place === undefined) continue;
    const sum = sumOfOne(outcome.value);
    if (outcome.version_id !== null && outcome.minute !== null) {
      // It says that another version served it: whoever is right, it stays where it is.
      if (outcome.version_id !== place.versionId) continue;
      sums.add(outcome.version_id, outcome.series_id, outcome.minute, negated(sum));
    }
    sums.add(place.versionId, outcome.series_id, place.minute, sum);
    joined.push(outcome.id);
  }
  if (joined.length > 0) await transaction.deleteFrom('pending_outcomes').where('id', 'in', joined).execute();
}

/** Counts outcomes with an id where their prediction was counted. Answers how many found none. */
export async function joinOutcomes(
  context: JoinContext,
  rows: KeyedRows,
  seriesIds: readonly number[],
): Promise<number> {
  let unmatched = 0;
  for await (const chunk of inTurns(rows.chunks(rowsPerStatement))) {
    const places = await placesOf(context, chunk);
    const waiting: Insertable<Tables['pending_outcomes']>[] = [];
    for (const row of chunk) {
      const { seriesId, value, minute, versionId } = outcomeOf(row, context, seriesIds);
      const place = places.get(row.key);
      if (place !== undefined && (versionId === null || versionId === place.versionId)) {
        context.sums.add(place.versionId, seriesId, place.minute, sumOfOne(value));
        continue;
      }
      if (versionId !== null) context.sums.add(versionId, seriesId, minute, sumOfOne(value));
      waiting.push({
        key: row.key,
        series_id: seriesId,
        value,
        version_id: versionId,
        minute: versionId === null ? null : minute,
        expires_minute: context.nowMinute + context.joinWindowMinutes,
      });
    }
    if (waiting.length > 0) {
      await context.transaction.insertInto('pending_outcomes').values(waiting).execute();
    }
    unmatched += waiting.length;
    if (context.sums.size > waitingSums) await context.sums.write(context.transaction);
  }
  return unmatched;
}

async function placesOf(
  context: JoinContext,
  rows: readonly KeyedRow[],
): Promise<ReadonlyMap<string, Place>> {
  const found = await context.transaction
    .selectFrom('prediction_ids')
    .select(['key', 'version_id', 'minute'])
    .where('key', 'in', [...new Set(rows.map((row) => row.key))])
    .where('expires_minute', '>', context.nowMinute)
    .execute();
  return new Map(found.map((row) => [row.key, { versionId: row.version_id, minute: row.minute }]));
}

function outcomeOf(row: KeyedRow, context: JoinContext, seriesIds: readonly number[]) {
  const [name = 0, value = 0, minute = 0, version = -1] = row.numbers;
  return {
    seriesId: seriesIds[name] ?? 0,
    value,
    minute,
    versionId: version < 0 ? null : (context.versionIds[version] ?? null),
  };
}
