import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Insertable, type Selectable, type Transaction } from 'kysely';
import { compareText } from './compare-text.js';
import { inTurns } from './in-turns.js';
import type { JoinedOutcomes } from './joined-outcomes.js';
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

/** Ids for which is asked at once whether outcomes wait for them, which is seldom so. */
const idsPerSearch = 2000;

/** How many outcomes are loaded at once: thousands may wait under one id, or under each of thousands. */
const waitingPerPage = 2000;

/** Up to so many are loaded together with those of other ids. */
const fewWaiting = 100;

/** Sums that wait to be written are written once there are so many: the memory of a large body stays bounded. */
const waitingSums = 5000;

/** What the rows of a batch refer to by number. */
export interface JoinContext {
  readonly transaction: Transaction<Tables>;
  /** Where the joined outcomes are gathered. */
  readonly sums: OutcomeSums;
  /** Where those are told that have a version now, if anybody asked. */
  readonly joined?: JoinedOutcomes | undefined;
  /** Numbers of the batch's versions, by their index in the batch. */
  readonly versionIds: readonly number[];
  readonly nowMinute: number;
  readonly joinWindowMinutes: number;
  readonly keyedRows: LedgerDialect['keyedRows'];
}

type WaitingOutcome = Selectable<Tables['pending_outcomes']>;

/** Where a prediction was counted. */
interface Place {
  readonly versionId: number;
  readonly minute: number;
}

/** Remembers the ids of predictions. */
export async function rememberPredictions(
  { transaction, versionIds, keyedRows, nowMinute, joinWindowMinutes }: Omit<JoinContext, 'sums'>,
  rows: KeyedRows,
): Promise<void> {
  const expiresMinute = nowMinute + joinWindowMinutes;
  for await (const chunk of inTurns(rows.chunks(idsPerStatement))) {
    const places = new Map(chunk.map((row) => [row.key, placeOf(row, versionIds)]));
    const ordered = [...places].map(([key, place]) => ({ key, ...place }));
    // Neighbours in the index are written one after the other.
    ordered.sort((one, other) => compareText(one.key, other.key));
    await sql`
      insert into prediction_ids (key, version_id, minute, expires_minute)
      select key, version_id, minute, ${sql.lit(expiresMinute)} from ${keyedRows(ordered)} where true
      on conflict (key) do update set version_id = excluded.version_id, minute = excluded.minute,
        expires_minute = excluded.expires_minute`.execute(transaction);
  }
}

/** Counts the outcomes that were waiting for predictions, and lets them wait no longer. */
export async function joinWaiting(context: JoinContext, rows: KeyedRows): Promise<void> {
  const { transaction } = context;
  const someWait = await transaction.selectFrom('pending_outcomes').select('id').limit(1).executeTakeFirst();
  if (someWait === undefined) return;
  for await (const chunk of inTurns(rows.chunks(idsPerSearch))) {
    const places = new Map(chunk.map((row) => [row.key, placeOf(row, context.versionIds)]));
    for await (const waiting of waitingFor(context, places)) {
      await countWaiting(context, places, waiting);
      if (context.sums.size > waitingSums) await context.sums.write(transaction);
      await nextTurn();
    }
  }
}

function placeOf(row: KeyedRow, versionIds: readonly number[]): Place {
  const [version = 0, minute = 0] = row.numbers;
  return { versionId: versionIds[version] ?? 0, minute };
}

/** The outcomes that wait under some keys: pages of a bounded size, however many wait under how many keys. */
async function* waitingFor(
  context: JoinContext,
  places: ReadonlyMap<string, Place>,
): AsyncGenerator<readonly WaitingOutcome[]> {
  const counts = await countsOfWaiting(context, places);
  let keys: string[] = [];
  let rows = 0;
  for (const key of places.keys()) {
    const waiting = counts.get(key) ?? 0;
    if (waiting > fewWaiting) yield* pagesOf(context, key);
    else if (waiting > 0) {
      keys.push(key);
      rows += waiting;
    }
    if (rows < waitingPerPage - fewWaiting) continue;
    yield await waitingUnder(context, keys);
    keys = [];
    rows = 0;
  }
  if (keys.length > 0) yield await waitingUnder(context, keys);
}

/** How many outcomes wait under the keys, counted as far as one more than {@link fewWaiting}. */
async function countsOfWaiting(
  { transaction, keyedRows }: JoinContext,
  places: ReadonlyMap<string, Place>,
): Promise<ReadonlyMap<string, number>> {
  const all = keyedRows([...places].map(([key, place]) => ({ key, ...place })));
  const { rows } = await sql<{ key: string; waiting: number }>`
    select rows.key as key, (
      select count(*) from (
        select 1 from pending_outcomes where pending_outcomes.key = rows.key limit ${sql.lit(fewWaiting + 1)}
      ) as found
    ) as waiting
    from ${all}
    where exists (select 1 from pending_outcomes where pending_outcomes.key = rows.key)`.execute(transaction);
  return new Map(rows.map(({ key, waiting }) => [key, waiting]));
}

/** The outcomes that wait under one key, page by page. */
async function* pagesOf(
  { transaction }: JoinContext,
  key: string,
): AsyncGenerator<readonly WaitingOutcome[]> {
  for (let last = -1; ;) {
    const page = await transaction
      .selectFrom('pending_outcomes')
      .selectAll()
      .where('key', '=', key)
      .where('id', '>', last)
      .orderBy('id')
      .limit(waitingPerPage)
      .execute();
    if (page.length > 0) yield page;
    last = page.at(-1)?.id ?? last;
    if (page.length < waitingPerPage) return;
  }
}

async function waitingUnder(
  { transaction }: JoinContext,
  keys: readonly string[],
): Promise<readonly WaitingOutcome[]> {
  const waiting = await transaction
    .selectFrom('pending_outcomes')
    .selectAll()
    .where('key', 'in', keys)
    .execute();
  // Sums of fractions depend on their order.
  return waiting.sort((one, other) => one.id - other.id);
}

async function countWaiting(
  { transaction, sums, joined: told, nowMinute }: JoinContext,
  places: ReadonlyMap<string, Place>,
  waiting: readonly WaitingOutcome[],
): Promise<void> {
  const joined: number[] = [];
  for (const outcome of waiting) {
    const place = places.get(outcome.key);
    if (place === undefined || outcome.expires_minute <= nowMinute) continue;
    const sum = sumOfOne(outcome.value);
    if (outcome.version_id !== null && outcome.minute !== null) {
      // It says that another version served it: whoever is right, it stays where it is.
      if (outcome.version_id !== place.versionId) continue;
      sums.add(outcome.version_id, outcome.series_id, outcome.minute, negated(sum));
    } else told?.add(place.versionId, outcome.series_id, outcome.value);
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
        context.joined?.add(place.versionId, seriesId, value);
        continue;
      }
      if (versionId !== null) {
        context.sums.add(versionId, seriesId, minute, sumOfOne(value));
        context.joined?.add(versionId, seriesId, value);
      }
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
