import type { Courses } from './results.js';

/** How often something happened in the splits. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

export interface CourseFigures {
  readonly rolledBack: Share;
  readonly firstRollback: Share;
  readonly firstPromote: Share;
  readonly endedPromoted: Share;
  readonly endedUndecided: Share;
  /** Looks until half and 95 % of all splits were promoted to the end; absent: not by the last look. */
  readonly promotedAt: readonly [number | undefined, number | undefined];
  /** The same for the first rollback. */
  readonly rolledBackAt: readonly [number | undefined, number | undefined];
}

/** The figures of one judge in one table. */
export function figuresOf(courses: Courses, steps: readonly number[]): CourseFigures {
  const { first, rollback, end } = courses;
  const of = end.length;
  const share = (values: readonly number[], holds: (value: number) => boolean): Share => ({
    count: values.filter(holds).length,
    of,
  });
  const looksAt = (step: number) => steps[step - 1] ?? Infinity;
  const promoted = end.map((step) => (step > 0 ? looksAt(step) : Infinity));
  const rolledBack = rollback.map((step) => (step > 0 ? looksAt(step) : Infinity));
  return {
    rolledBack: share(rollback, (step) => step > 0),
    firstRollback: share(first, (step) => step < 0),
    firstPromote: share(first, (step) => step > 0),
    endedPromoted: share(end, (step) => step > 0),
    endedUndecided: share(end, (step) => step === 0),
    promotedAt: [finiteQuantile(promoted, 0.5), finiteQuantile(promoted, 0.95)],
    rolledBackAt: [finiteQuantile(rolledBack, 0.5), finiteQuantile(rolledBack, 0.95)],
  };
}

/** The smallest value that at least such a share of all values does not exceed. */
function finiteQuantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Looks as a person would say them: `0.33`, `6`. */
export function looksText(looks: number | undefined): string {
  return looks === undefined ? 'never' : String(Number(looks.toPrecision(2)));
}
