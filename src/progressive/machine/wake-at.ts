import { pendingCommands } from './concerns/obey-command.js';
import { isEnd } from './phase.js';
import { deadlineOf } from './phases/shifting.js';
import { stabilisedAtMs } from './phases/stabilising.js';
import { analysedAtMs, patienceEndsMs } from './phases/analysing.js';
import { isObserved, type Situation } from './situation.js';
import { lookMs, newestLookEndMs, settleMs } from './verdict-request-of.js';

/** How long a change that is not yet seen is waited for before the target is read again, should nothing be told before. */
const recheckMs = 5_000;

/** By when to ask again, milliseconds since the epoch; undefined: it has ended. */
export function wakeAtMs(situation: Situation): number | undefined {
  const { state, nowMs } = situation;
  const { phase } = state;
  if (isEnd(phase)) return undefined;
  const obeys = phase.kind !== 'rolling-back' && isObserved(situation);
  if (obeys && pendingCommands(situation).length > 0) return nowMs;
  const nextLookMs = newestLookEndMs(nowMs) + lookMs + settleMs;
  switch (phase.kind) {
    case 'shifting':
      return soonest([nowMs + recheckMs, deadlineOf(situation, phase)], nowMs);
    case 'promoting':
    case 'rolling-back':
      return nowMs + recheckMs;
    case 'stabilising':
      return Math.max(nowMs, Math.min(nextLookMs, stabilisedAtMs(situation, phase)));
    case 'analysing': {
      const times = [nextLookMs, analysedAtMs(situation, phase) + settleMs, patienceEndsMs(situation, phase)];
      return soonest(times, nowMs);
    }
    case 'waiting':
    case 'paused':
      return nextLookMs;
  }
}

/** The soonest instant that is yet to come. */
function soonest(times: readonly number[], nowMs: number): number {
  return Math.min(...times.filter((time) => time > nowMs));
}
