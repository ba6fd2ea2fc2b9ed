import { minuteMs } from '../count-batch.js';
import type { LedgerSettings, SweepReport } from '../ledger.js';
import { sweepCounts } from './sweep-counts.js';
import { sweepNames } from './sweep-names.js';
import type { SweepParts } from './sweep-parts.js';
import { sweepRows } from './sweep-rows.js';
import { sweepToSize } from './sweep-to-size.js';

/** Removes what the settings do not keep, in small steps, and then the oldest until the ledger is small enough. */
export async function sweepLedger(
  parts: SweepParts,
  nowMs: number,
  settings: LedgerSettings,
): Promise<SweepReport> {
  const { writer } = parts;
  const nowMinute = Math.floor(nowMs / minuteMs);
  const oldestMinute = Math.floor((nowMs - settings.keepCountsMs) / minuteMs);
  const minutes = await sweepCounts(writer, oldestMinute);
  const predictionIds = await sweepRows(writer, 'prediction_ids', nowMinute);
  const pendingOutcomes = await sweepRows(writer, 'pending_outcomes', nowMinute);
  const idempotencyKeys = await sweepRows(writer, 'idempotency_keys', nowMs);
  const verdicts = await sweepRows(writer, 'verdicts', nowMs - settings.keepVerdictsMs);
  const names = await sweepNames(writer, nowMs, settings);
  const early = await sweepToSize(parts, nowMs, settings);
  return {
    predictionIds: predictionIds + early.predictionIds,
    pendingOutcomes: pendingOutcomes + early.pendingOutcomes,
    idempotencyKeys,
    minutes: minutes + early.minutes,
    verdicts: verdicts + early.verdicts,
    names,
    ...(early.full === undefined ? {} : { full: early.full }),
  };
}
