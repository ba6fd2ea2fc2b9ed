import type { ObservationQuery } from '../observation-source.js';
import { minuteMs } from './minutes.js';

/** Whole minutes since the epoch; `to` is the first one that is not meant. */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

/** The settled minutes in which the canary's life may begin. */
export function judgedSpan(
  query: ObservationQuery,
  { settleMs, lookbackMs }: { readonly settleMs: number; readonly lookbackMs: number },
): MinuteSpan {
  const to = Math.floor((query.asOfMs - settleMs) / minuteMs);
  const lookback = to - Math.floor(lookbackMs / minuteMs);
  const since = query.sinceMs === undefined ? lookback : Math.ceil(query.sinceMs / minuteMs);
  return { from: Math.min(Math.max(lookback, since), to), to };
}
