import type { Transaction } from 'kysely';
import { compareText } from './compare-text.js';
import { minuteMs } from '../looks/minutes.js';
import type { CountBatch, MinuteCounts, ModelCounts } from './count-batch.js';
import { moveMarker } from './change-marker.js';
import { writeCountsOf } from './counts-writer.js';
import { claimKey } from './idempotency-keys.js';
import { inTurns } from './in-turns.js';
import { JoinedOutcomes } from './joined-outcomes.js';
import type { LedgerDialect } from './ledger-dialect.js';
import type { LedgerSettings, RecordAnswer, RecordRequest, VersionOutcomes } from './ledger.js';
import { mergedVersions } from './merged-versions.js';
import { holdModel, knownVersions, outcomeNumber, versionNumbers } from './names.js';
import { OutcomeSums } from './outcome-sums.js';
import { joinOutcomes, joinWaiting, rememberPredictions, type JoinContext } from './prediction-join.js';
import type { Tables } from './tables.js';

/** A batch that is to be written, and how it arrived. */
export interface Recording {
  readonly batch: CountBatch;
  readonly request: RecordRequest;
  /** When it was handed over, at its `request.nowMs`, on the clock that is never set: milliseconds. */
  readonly handedOverMs: number;
}

/** One model in some batches: the position of each batch, and what it has of the model. */
interface ModelParts {
  readonly namespace: string;
  readonly model: string;
  readonly parts: (readonly [position: number, counts: ModelCounts])[];
}

/**
 * Writes batches within one transaction, wholly or not at all: all idempotency keys first, then all models, both
 * always in the same order. Two transactions that each hold what the other wants would wait for ever. Only then,
 * alone with its models, it counts. What takes long, a great many ids, is written before the models are taken.
 *
 * The change marker of a model moves only where something was counted in a minute that verdicts may know: a model with
 * traffic has counts for the minute that is going on all the time, and its verdicts stay the same meanwhile.
 */
export async function recordBatches(
  transaction: Transaction<Tables>,
  recordings: readonly Recording[],
  settings: LedgerSettings,
  keyedRows: LedgerDialect['keyedRows'],
): Promise<readonly RecordAnswer[]> {
  const repeated = await claimKeys(transaction, recordings, settings);
  const models = modelsOf(recordings, (position) => !repeated.has(position));
  const place = { transaction, recordings, settings, keyedRows };
  const ahead = new Map<ModelParts, NumbersByName>();
  for (const model of models) {
    if (idsOf(model) >= manyIds) ahead.set(model, await rememberAhead(place, model));
  }
  const numbers = new Map<ModelParts, number>();
  for await (const model of inTurns(models)) {
    numbers.set(model, await holdModel(transaction, model, settings.maxModels));
  }
  const unmatched = new Map<number, number>();
  const joined = new Map<number, readonly VersionOutcomes[]>();
  const oldestMinutes = new Map<number, number>();
  for await (const [model, modelId] of inTurns(numbers)) {
    const recorded = await recordModel(place, model, modelId, ahead.get(model));
    oldestMinutes.set(modelId, recorded.oldestMinute);
    for (const [position, part] of recorded.parts) {
      unmatched.set(position, (unmatched.get(position) ?? 0) + part.unmatched);
      if (part.joined !== undefined) joined.set(position, [...(joined.get(position) ?? []), ...part.joined]);
    }
  }
  const settledMs = latestNowMs(recordings) - settings.settleMs + markerMarginMs;
  for (const [modelId, oldestMinute] of oldestMinutes) {
    if ((oldestMinute + 1) * minuteMs <= settledMs) await moveMarker(transaction, modelId);
  }
  return recordings.map(
    ({ request: { tellJoined = false } }, position) =>
      repeated.get(position) ?? {
        kind: 'recorded',
        unmatched: unmatched.get(position) ?? 0,
        ...(tellJoined ? { joined: joined.get(position) ?? [] } : {}),
      },
  );
}

/**
 * By so much a look is taken to be settled too early where the change marker is concerned: for the time that a commit
 * takes, and for clocks of replicas that differ.
 */
const markerMarginMs = 10_000;

/** What time it is, by the clock of whoever handed the batches over. */
function latestNowMs(recordings: readonly Recording[]): number {
  const elapsedMs = performance.now();
  return recordings.reduce(
    (latest, { request, handedOverMs }) => Math.max(latest, request.nowMs + elapsedMs - handedOverMs),
    -Infinity,
  );
}

/** Takes the keys of the batches; answers those, by position, that are repeated. */
async function claimKeys(
  transaction: Transaction<Tables>,
  recordings: readonly Recording[],
  settings: LedgerSettings,
): Promise<ReadonlyMap<number, RecordAnswer>> {
  const keyed = recordings.flatMap(({ request: { idempotent, nowMs } }, position) =>
    idempotent === undefined ? [] : [{ idempotent, nowMs, position }],
  );
  keyed.sort((a, b) => compareText(a.idempotent.key, b.idempotent.key) || a.position - b.position);
  const repeated = new Map<number, RecordAnswer>();
  for (const { idempotent, nowMs, position } of keyed) {
    const claim = await claimKey(transaction, idempotent, nowMs, settings.idempotencyMs);
    if (claim.kind !== 'new') repeated.set(position, claim);
  }
  return repeated;
}

function modelsOf(
  recordings: readonly Recording[],
  isWanted: (position: number) => boolean,
): readonly ModelParts[] {
  const models = new Map<string, ModelParts>();
  for (const [position, { batch }] of recordings.entries()) {
    if (!isWanted(position)) continue;
    for (const counts of batch.models()) {
      const key = `${counts.namespace}\0${counts.model}`;
      const known = models.get(key);
      if (known === undefined) {
        models.set(key, { namespace: counts.namespace, model: counts.model, parts: [[position, counts]] });
      } else known.parts.push([position, counts]);
    }
  }
  return [...models].sort(([a], [b]) => compareText(a, b)).map(([, model]) => model);
}

/** What the counting of every model of some batches works with. */
interface RecordingPlace {
  readonly transaction: Transaction<Tables>;
  readonly recordings: readonly Recording[];
  readonly settings: LedgerSettings;
  readonly keyedRows: LedgerDialect['keyedRows'];
}

type NumbersByName = ReadonlyMap<string, number>;

/** From so many ids of a model on, those who wait for it would notice the time that they take. */
export const manyIds = 5000;

function idsOf({ parts }: ModelParts): number {
  return parts.reduce((sum, [, counts]) => sum + counts.predictionIds.length, 0);
}

/**
 * Remembers the ids of a model that nobody is kept from meanwhile. Answers the numbers of the versions that it took
 * them to be of; none where one is new, and nothing is written.
 */
async function rememberAhead(
  place: RecordingPlace,
  { namespace, model, parts }: ModelParts,
): Promise<NumbersByName> {
  const names = new Set(
    parts.flatMap(([, { predictionIds, versionNames }]) =>
      predictionIds.length === 0 ? [] : versionNames.list(),
    ),
  );
  const numbers = await knownVersions(place.transaction, namespace, model);
  if ([...names].some((name) => !numbers.has(name))) return new Map();
  for (const part of parts) await remember(place, part, numbers);
  return new Map([...names].map((name) => [name, numberOf(numbers, name)]));
}

async function remember(
  place: RecordingPlace,
  [position, { predictionIds, versionNames }]: ModelParts['parts'][number],
  numbers: NumbersByName,
): Promise<void> {
  if (predictionIds.length === 0) return;
  const versionIds = versionNames.list().map((name) => numbers.get(name) ?? 0);
  await rememberPredictions({ ...joinPlace(place, position), versionIds }, predictionIds);
}

function joinPlace(
  { transaction, recordings, settings, keyedRows }: RecordingPlace,
  position: number,
): Omit<JoinContext, 'sums' | 'versionIds'> {
  return {
    transaction,
    nowMinute: Math.floor((recordings[position]?.request.nowMs ?? 0) / minuteMs),
    joinWindowMinutes: Math.ceil(settings.joinWindowMs / minuteMs),
    keyedRows,
  };
}

/** What came of one batch's outcomes of a model. */
interface PartRecorded {
  /** How many found no prediction. */
  readonly unmatched: number;
  /** Those with an id that have a version now, if the batch wants to be told. */
  readonly joined: readonly VersionOutcomes[] | undefined;
}

/** What came of a model's batches. */
interface ModelRecorded {
  /** By position of the batch. */
  readonly parts: readonly (readonly [position: number, part: PartRecorded])[];
  /** The oldest minute that counts of it changed; infinite where nothing was counted. */
  readonly oldestMinute: number;
}

/** Counts a model. `ahead`: of which versions the ids that are remembered already were taken to be. */
async function recordModel(
  place: RecordingPlace,
  { namespace, model, parts }: ModelParts,
  modelId: number,
  ahead: NumbersByName = new Map(),
): Promise<ModelRecorded> {
  const { transaction, settings } = place;
  const merged = mergedVersions(parts.map(([, counts]) => counts.versions));
  const names = parts.flatMap(([, counts]) => counts.versionNames.list());
  const numbers = await versionNumbers(
    transaction,
    modelId,
    [...merged.keys(), ...names],
    settings.maxVersions,
  );
  const versions = new Map<number, ReadonlyMap<number, MinuteCounts>>();
  for (const [name, minutes] of merged) versions.set(numberOf(numbers, name), minutes);
  await writeCountsOf(transaction, modelId, versions, settings.maxLabels);

  const sums = new OutcomeSums();
  const outcomeIds = new Map<string, number>();
  for (const name of outcomeNamesOf(parts, merged)) {
    outcomeIds.set(name, await outcomeNumber(transaction, modelId, name));
  }
  for await (const [versionId, minutes] of inTurns(versions)) {
    for (const [minute, { outcomes }] of minutes) {
      for (const [name, sum] of outcomes) sums.add(versionId, numberOf(outcomeIds, name), minute, sum);
    }
  }
  const recorded: (readonly [number, PartRecorded])[] = [];
  // A sweep may have removed a version that was only then created anew, with another number.
  const isAhead = ahead.size > 0 && [...ahead].every(([name, number]) => numbers.get(name) === number);
  for (const part of parts) {
    const [position, counts] = part;
    const isAsked = place.recordings[position]?.request.tellJoined ?? false;
    const joined = isAsked ? new JoinedOutcomes() : undefined;
    const context: JoinContext = {
      ...joinPlace(place, position),
      sums,
      joined,
      versionIds: counts.versionNames.list().map((name) => numberOf(numbers, name)),
    };
    if (!isAhead) await remember(place, part, numbers);
    if (counts.predictionIds.length > 0) await joinWaiting(context, counts.predictionIds);
    const seriesIds = counts.outcomeNames.list().map((name) => numberOf(outcomeIds, name));
    const unmatched = await joinOutcomes(context, counts.joinedOutcomes, seriesIds);
    const told = await joined?.named(transaction, { namespace, model });
    recorded.push([position, { unmatched, joined: told }]);
  }
  await sums.write(transaction);
  let { oldestMinute } = sums;
  for (const minutes of versions.values()) {
    for (const minute of minutes.keys()) oldestMinute = Math.min(oldestMinute, minute);
  }
  return { parts: recorded, oldestMinute };
}

function outcomeNamesOf(
  parts: ModelParts['parts'],
  merged: ReadonlyMap<string, ReadonlyMap<number, MinuteCounts>>,
): ReadonlySet<string> {
  const names = new Set(parts.flatMap(([, counts]) => counts.outcomeNames.list()));
  for (const minutes of merged.values()) {
    for (const counts of minutes.values()) {
      for (const name of counts.outcomes.keys()) names.add(name);
    }
  }
  return names;
}

function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error('a name has no number');
  return number;
}
