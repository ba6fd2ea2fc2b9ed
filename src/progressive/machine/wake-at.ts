import { pendingCommands } from './concerns/obey-command.js';
import { isEnd } from './phase.js';
import { deadlineOf } from './phases/shifting.js';
import { stabilisedAtMs } from './phases/stabilising.js';
import { analysedAtMs, patienceEndsMs } from './phases/analysing.js';
import { isObserved, type Situation } from './situation.js';
import { lookMs, newestLookEndMs, settleMs } from './look-times.js';

/** How long a change that is not yet seen is waited for before the target is read again, should nothing be told before. */
const recheckMs = 5_000;
const slowRecheckMs = 60_000;

/** By when to ask again, milliseconds since the epoch; undefined: it has ended. */
export function wakeAtMs(situation: Situation): number | undefined {
  const { spec, state, nowMs } = situation;
  const { phase } = state;
  if (isEnd(phase)) return undefined;
  const obeys = phase.kind !== 'rolling-back' && isObserved(situation);
  if (obeys && pendingCommands(situation).length > 0) return nowMs;
  const nextLookMs = newestLookEndMs(nowMs) + lookMs + settleMs;
  switch (phase.kind) {
    case 'shifting':
      return soonest([nowMs + recheckMs, deadlineOf(situation, phase)], nowMs);
    case 'promoting':
      return nowMs + recheckMs;
    case 'rolling-back': {
      // What nobody follows is asked for more rarely.
      const isSlow = phase.isOverdue || situation.target.kind === 'undrivable';
      return nowMs + (isSlow ? slowRecheckMs : recheckMs);
    }
    case 'stabilising':
      return Math.max(nowMs, Math.min(nextLookMs, stabilisedAtMs(situation, phase)));
    case 'analysing': {
      const times = [nextLookMs, analysedAtMs(situation, phase) + settleMs, patienceEndsMs(situation, phase)];
      return soonest(times, nowMs);
    }
    case 'waiting':
      return spec.newVersion === 'present' ? nowMs + recheckMs : nextLookMs;
    case 'paused':
      return nextLookMs;
  }
}

/** The soonest instant that is yet to come. */
function soonest(times: readonly number[], nowMs: number): number {
  return Math.min(...times.filter((time) => time > nowMs));
}
