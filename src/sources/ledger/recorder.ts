import type { Transaction } from 'kysely';
import type { CountBatch, MinuteCounts, ModelCounts } from './count-batch.js';
import { writeCountsOf } from './counts-writer.js';
import { claimKey } from './idempotency-keys.js';
import { minuteMs } from './count-batch.js';
import { inTurns } from './in-turns.js';
import type { LedgerSettings, RecordAnswer, RecordRequest } from './ledger.js';
import { changeModel, outcomeNumber, versionNumbers } from './names.js';
import { OutcomeSums } from './outcome-sums.js';
import { joinOutcomes, joinPredictions, type JoinContext } from './prediction-join.js';
import type { Tables } from './tables.js';

/** Writes a batch within a transaction: its idempotency key first, then one model after the other. */
export async function recordBatch(
  transaction: Transaction<Tables>,
  batch: CountBatch,
  request: RecordRequest,
  settings: LedgerSettings,
): Promise<RecordAnswer> {
  if (request.idempotent !== undefined) {
    const claim = await claimKey(transaction, request.idempotent, request.nowMs, settings.idempotencyMs);
    if (claim.kind !== 'new') return claim;
  }
  let unmatched = 0;
  // Always in the same order: two transactions that hold each other's models would wait for ever.
  const models = [...batch.models()].sort((a, b) =>
    compareText(`${a.namespace}\0${a.model}`, `${b.namespace}\0${b.model}`),
  );
  for await (const model of inTurns(models)) {
    unmatched += await recordModel(transaction, model, request.nowMs, settings);
  }
  return { kind: 'recorded', unmatched };
}

async function recordModel(
  transaction: Transaction<Tables>,
  model: ModelCounts,
  nowMs: number,
  settings: LedgerSettings,
): Promise<number> {
  const versionNames = model.versionNames.list();
  const outcomeNames = model.outcomeNames.list();
  const modelId = await changeModel(transaction, model.namespace, model.model);
  const numbers = await versionNumbers(transaction, modelId, [...model.versions.keys(), ...versionNames]);
  const versions = new Map<number, ReadonlyMap<number, MinuteCounts>>();
  for (const [name, minutes] of model.versions) versions.set(numbers.get(name) ?? 0, minutes);
  await writeCountsOf(transaction, modelId, versions);

  const sums = new OutcomeSums();
  const outcomeIds = new Map<string, number>();
  for (const name of outcomeNamesOf(model)) {
    outcomeIds.set(name, await outcomeNumber(transaction, modelId, name));
  }
  for await (const [versionId, minutes] of inTurns(versions)) {
    for (const [minute, { outcomes }] of minutes) {
      for (const [name, sum] of outcomes) sums.add(versionId, outcomeIds.get(name) ?? 0, minute, sum);
    }
  }
  const context: JoinContext = {
    transaction,
    sums,
    versionIds: versionNames.map((name) => numbers.get(name) ?? 0),
    nowMinute: Math.floor(nowMs / minuteMs),
    joinWindowMinutes: Math.ceil(settings.joinWindowMs / minuteMs),
  };
  if (model.predictionIds.length > 0) await joinPredictions(context, model.predictionIds);
  const seriesIds = outcomeNames.map((name) => outcomeIds.get(name) ?? 0);
  const unmatched = await joinOutcomes(context, model.joinedOutcomes, seriesIds);
  await sums.write(transaction);
  return unmatched;
}

function outcomeNamesOf(model: ModelCounts): ReadonlySet<string> {
  const names = new Set(model.outcomeNames.list());
  for (const minutes of model.versions.values()) {
    for (const counts of minutes.values()) {
      for (const name of counts.outcomes.keys()) names.add(name);
    }
  }
  return names;
}

/** Order by code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
