import { sum } from '../../../src/statistics/sums.js';
import { minuteReached } from './figures.js';
import type { JourneyScenario } from './journey.js';
import type { JourneyOutcome } from './run-journey.js';
import { addCounts, oneAt } from './tally.js';

/** Ends of many rollouts, added up; lists by minute of the end, and by step for the rolled back. */
export interface JourneyTally {
  readonly runs: number;
  readonly promotedAt: readonly number[];
  readonly rolledBackAt: readonly number[];
  readonly rolledBackInStep: readonly number[];
}

export const noJourneys: JourneyTally = { runs: 0, promotedAt: [], rolledBackAt: [], rolledBackInStep: [] };

export function journeyTallyOf({ end, minutes, step }: JourneyOutcome): JourneyTally {
  return {
    runs: 1,
    promotedAt: end === 'promoted' ? oneAt(minutes) : [],
    rolledBackAt: end === 'rolled-back' ? oneAt(minutes) : [],
    rolledBackInStep: end === 'rolled-back' ? oneAt(step + 1) : [],
  };
}

export function addJourneyTallies(left: JourneyTally, right: JourneyTally): JourneyTally {
  return {
    runs: left.runs + right.runs,
    promotedAt: addCounts(left.promotedAt, right.promotedAt),
    rolledBackAt: addCounts(left.rolledBackAt, right.rolledBackAt),
    rolledBackInStep: addCounts(left.rolledBackInStep, right.rolledBackInStep),
  };
}

/** The figures of one journey, in numbers of runs. */
export interface JourneyFigures {
  readonly runs: number;
  /** To the end of the last step. */
  readonly promoted: number;
  readonly rolledBack: number;
  readonly rolledBackInFirstStep: number;
  readonly undecided: number;
  /** Minutes to the right end; null where fewer runs reach it. */
  readonly medianMinutes: number | null;
  readonly p95Minutes: number | null;
}

export function journeyFiguresOf(tally: JourneyTally, right: JourneyScenario['right']): JourneyFigures {
  const { runs, promotedAt, rolledBackAt, rolledBackInStep } = tally;
  const promoted = sum(promotedAt);
  const rolledBack = sum(rolledBackAt);
  const rightAt = right === 'promote' ? promotedAt : rolledBackAt;
  return {
    runs,
    promoted,
    rolledBack,
    rolledBackInFirstStep: rolledBackInStep[0] ?? 0,
    undecided: runs - promoted - rolledBack,
    medianMinutes: minuteReached(rightAt, runs, 0.5),
    p95Minutes: minuteReached(rightAt, runs, 0.95),
  };
}
