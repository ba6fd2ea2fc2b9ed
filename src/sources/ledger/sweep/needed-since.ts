import { maximumBeforeLooks } from '../../../domain/observations.js';
import { minuteMs } from '../../looks/minutes.js';
import type { LedgerSettings } from '../ledger.js';

type Judging = Pick<LedgerSettings, 'lookbackMs' | 'settleMs'>;

/** The earliest instant that a question of now may be about: a lookback before the last look that has settled. */
export function neededSinceMs(nowMs: number, { lookbackMs, settleMs }: Judging): number {
  return nowMs - lookbackMs - settleMs - minuteMs;
}

/** The earliest minute whose counts such a question may read: some of the stable version are from before it. */
export function neededSinceMinute(nowMs: number, settings: Judging): number {
  return Math.floor(neededSinceMs(nowMs, settings) / minuteMs) - maximumBeforeLooks;
}
