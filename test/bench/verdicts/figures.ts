import type { Verdict } from '../../../src/domain/verdict.js';
import { sum } from '../../../src/statistics/sums.js';
import type { Tally } from './tally.js';

/** The figures of one cell, all in numbers of runs; shares and intervals follow from them. */
export interface Figures {
  readonly runs: number;
  /** Rollback at any look, also after a promote. */
  readonly everRolledBack: number;
  /** Promoted while still healthy: only where the fault comes later. */
  readonly promotedBeforeOnset: number;
  /** Since the onset. */
  readonly firstPromoted: number;
  readonly firstRolledBack: number;
  /** First verdict wrong; null where neither promote nor rollback is. */
  readonly wrong: number | null;
  /** Minutes to the right verdict; null where fewer runs reach it, or where it is hold. */
  readonly medianMinutes: number | null;
  readonly p95Minutes: number | null;
  readonly undecidedAfter10: number;
  readonly undecidedAfter30: number;
  readonly undecidedAfter60: number;
}

/** The figures of a cell whose right verdict is this. */
export function figuresOf(tally: Tally, right: Verdict): Figures {
  const { runs, rolledBack, rolledBackBeforeOnset, promotedBeforeOnset, promotedAt, rolledBackAt } = tally;
  const firstPromoted = sum(promotedAt);
  const firstRolledBack = sum(rolledBackAt) + rolledBackBeforeOnset;
  const rightAt = right === 'promote' ? promotedAt : right === 'rollback' ? rolledBackAt : [];
  const undecidedAfter = (minutes: number) =>
    runs - rolledBackBeforeOnset - sum(promotedAt.slice(0, minutes)) - sum(rolledBackAt.slice(0, minutes));
  const wrong: Readonly<Record<Verdict, number | null>> = {
    promote: firstRolledBack,
    rollback: firstPromoted + rolledBackBeforeOnset,
    hold: null,
  };
  return {
    runs,
    everRolledBack: rolledBack,
    promotedBeforeOnset,
    firstPromoted,
    firstRolledBack,
    wrong: wrong[right],
    medianMinutes: minuteReached(rightAt, runs, 0.5),
    p95Minutes: minuteReached(rightAt, runs, 0.95),
    undecidedAfter10: undecidedAfter(10),
    undecidedAfter30: undecidedAfter(30),
    undecidedAfter60: undecidedAfter(60),
  };
}

/** The first minute by which this share of all runs is there, from runs by minute; null where that never is. */
export function minuteReached(runsAt: readonly number[], runs: number, share: number): number | null {
  let reached = 0;
  for (const [index, count] of runsAt.entries()) {
    reached += count;
    if (reached >= share * runs) return index + 1;
  }
  return null;
}
