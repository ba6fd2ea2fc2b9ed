import { minuteMs } from '../../looks/minutes.js';
import type { LedgerDialect } from '../ledger-dialect.js';
import type { LedgerSettings } from '../ledger.js';
import { outcomeMemoryMinutes } from '../looks/observe.js';
import { neededSinceMinute, neededSinceMs } from './needed-since.js';
import { oldestMinute } from './oldest-minute.js';
import { firstExpiry, sweepIds } from './sweep-ids.js';
import { sweepMinutes } from './sweep-minutes.js';
import { sweepOutcomes } from './sweep-outcomes.js';
import { sweepRows } from './sweep-rows.js';
import type { SweepRun } from './sweep-run.js';
import { UsedBytes } from './used-bytes.js';

/** Once something has to go, so much of the allowed size is made free that the next sweep finds nothing to do. */
const slack = 0.1;

/** What lies within so many minutes is of one age: ids and counts of all versions go slice by slice, the oldest first. */
const minutesOfIds = 60;
const minutesOfCounts = 24 * 60;

/**
 * Removes the oldest of a ledger that is larger than the settings allow: first the ids that would be forgotten next,
 * since a lost join costs one outcome; then old verdicts, which nothing is judged by; then old counts. Whatever a
 * running canary is judged by stays. Answers why the ledger is still too large, if it is.
 */
export async function sweepToSize(
  run: SweepRun,
  dialect: Pick<LedgerDialect, 'size' | 'contents'>,
  nowMs: number,
  settings: LedgerSettings,
): Promise<string | undefined> {
  const { maxSizeBytes, lookbackMs } = settings;
  if (maxSizeBytes === Infinity) return undefined;
  const used = new UsedBytes(run, dialect, (slack * maxSizeBytes) / 2);
  if ((await used.now()) <= maxSizeBytes) return undefined;
  const isEnough = async () => (await used.now()) <= maxSizeBytes * (1 - slack);
  await sweepIdsAndVerdicts(run, nowMs, settings, isEnough);
  await sweepCounts(run, nowMs, settings, isEnough);
  const left = await used.measured();
  if (left <= maxSizeBytes) return undefined;
  return `the ledger is full: it takes ${mebibytes(left)} MiB, more than the ${mebibytes(maxSizeBytes)} MiB of ledger.maxSize, and all of it is needed by the canaries of the last ${lookbackMs / 3_600_000} hours`;
}

async function sweepIdsAndVerdicts(
  run: SweepRun,
  nowMs: number,
  settings: LedgerSettings,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  const sinceMs = neededSinceMs(nowMs, settings);
  const arrivedBefore = Math.floor((sinceMs + settings.joinWindowMs) / minuteMs);
  let minute = await firstExpiry(run);
  while (minute <= arrivedBefore && !(await isEnough())) {
    minute += minutesOfIds;
    await sweepIds(run, Math.min(minute, arrivedBefore), isEnough);
  }
  await sweepRows(run, 'pending_outcomes', arrivedBefore, isEnough);
  await sweepRows(run, 'verdicts', sinceMs, isEnough);
}

async function sweepCounts(
  run: SweepRun,
  nowMs: number,
  settings: LedgerSettings,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  const last = neededSinceMinute(nowMs, settings);
  // That there is an outcome is known for longer than a canary is looked back for.
  const keep = { lastSinceMinute: Math.floor(nowMs / minuteMs) - outcomeMemoryMinutes - 1 };
  let minute = await oldestMinute(run);
  while (minute < last && !(await isEnough())) {
    minute = Math.min(minute + minutesOfCounts, last);
    await sweepMinutes(run, minute);
    await sweepOutcomes(run, minute, keep);
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}
