import type { Outcome } from './run-scenario.js';

/** Outcomes of many runs of one scenario at one rate under one judge, added up. */
export interface Tally {
  readonly runs: number;
  /** Runs with a rollback at any look. */
  readonly rolledBack: number;
  /** Runs with a rollback before the onset: their first verdict is that. */
  readonly rolledBackBeforeOnset: number;
  /** Runs in which a look before the onset said promote. */
  readonly promotedBeforeOnset: number;
  /** Runs whose first verdict since the onset is promote, by minute since the onset. */
  readonly promotedAt: readonly number[];
  /** The same for rollback. */
  readonly rolledBackAt: readonly number[];
}

export const noRuns: Tally = {
  runs: 0,
  rolledBack: 0,
  rolledBackBeforeOnset: 0,
  promotedBeforeOnset: 0,
  promotedAt: [],
  rolledBackAt: [],
};

export function tallyOf({ first, minute, rolledBack, promotedBeforeOnset }: Outcome): Tally {
  const at = (verdict: Outcome['first']) =>
    first !== verdict || minute === null || minute < 1 ? [] : oneAt(minute);
  return {
    runs: 1,
    rolledBack: rolledBack ? 1 : 0,
    rolledBackBeforeOnset: minute !== null && minute < 1 ? 1 : 0,
    promotedBeforeOnset: promotedBeforeOnset ? 1 : 0,
    promotedAt: at('promote'),
    rolledBackAt: at('rollback'),
  };
}

export function addTallies(left: Tally, right: Tally): Tally {
  return {
    runs: left.runs + right.runs,
    rolledBack: left.rolledBack + right.rolledBack,
    rolledBackBeforeOnset: left.rolledBackBeforeOnset + right.rolledBackBeforeOnset,
    promotedBeforeOnset: left.promotedBeforeOnset + right.promotedBeforeOnset,
    promotedAt: addCounts(left.promotedAt, right.promotedAt),
    rolledBackAt: addCounts(left.rolledBackAt, right.rolledBackAt),
  };
}

export function addCounts(left: readonly number[], right: readonly number[]): readonly number[] {
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, index) => (left[index] ?? 0) + (right[index] ?? 0),
  );
}

/** Counts by minute with a single one. */
export function oneAt(minute: number): readonly number[] {
  return Array.from({ length: minute }, (_, index) => (index === minute - 1 ? 1 : 0));
}
