import { minuteMs } from '../../looks/minutes.js';
import type { LedgerSettings, SweepReport } from '../ledger.js';
import { neededSinceMinute, neededSinceMs } from './needed-since.js';
import { sweepIds } from './sweep-ids.js';
import { sweepMinutes } from './sweep-minutes.js';
import { sweepNames } from './sweep-names.js';
import { sweepOutcomes } from './sweep-outcomes.js';
import { sweepRows } from './sweep-rows.js';
import { SweepRun, SweepStopped, type SweepParts } from './sweep-run.js';
import { sweepToSize } from './sweep-to-size.js';

/**
 * Removes what the settings do not keep, in small steps, and then the oldest until the ledger is small enough. What a
 * verdict of now is made from stays, whatever the settings say. Ends early where it is told to.
 */
export async function sweepLedger(
  parts: SweepParts,
  nowMs: number,
  settings: LedgerSettings,
): Promise<SweepReport> {
  const run = new SweepRun(parts);
  let full: string | undefined;
  try {
    await sweepByAge(run, nowMs, settings);
    full = await sweepToSize(run, parts.dialect, nowMs, settings);
  } catch (error) {
    if (!(error instanceof SweepStopped)) throw error;
  }
  return {
    predictionIds: run.removed('prediction_ids'),
    pendingOutcomes: run.removed('pending_outcomes'),
    idempotencyKeys: run.removed('idempotency_keys'),
    minutes: run.removed('minute_counts'),
    verdicts: run.removed('verdicts'),
    names: run.removed('models', 'versions', 'series'),
    ...(full === undefined ? {} : { full }),
  };
}

async function sweepByAge(run: SweepRun, nowMs: number, settings: LedgerSettings): Promise<void> {
  const nowMinute = Math.floor(nowMs / minuteMs);
  const oldestMinute = Math.min(
    Math.floor((nowMs - settings.keepCountsMs) / minuteMs),
    neededSinceMinute(nowMs, settings),
  );
  await sweepMinutes(run, oldestMinute);
  await sweepOutcomes(run, oldestMinute);
  await sweepIds(run, nowMinute);
  await sweepRows(run, 'pending_outcomes', nowMinute);
  await sweepRows(run, 'idempotency_keys', nowMs);
  const oldestVerdictMs = Math.min(nowMs - settings.keepVerdictsMs, neededSinceMs(nowMs, settings));
  await sweepRows(run, 'verdicts', oldestVerdictMs);
  await sweepNames(run, nowMs, settings);
}
