import type { Verdict } from '../../../src/domain/verdict.js';

/**
 * How one judge met one canary, in steps counted from 1. A step with its verdict is written as one number: positive
 * for a promote, negative for a rollback, 0 for neither.
 */
export interface Course {
  /** The first verdict that was not hold. */
  readonly first: number;
  /** The first rollback, also after a promote; 0: never. */
  readonly rollback: number;
  /** Where the rollout ends: at the first rollback, or at the first promote at the last weight. */
  readonly end: number;
}

/** Gathers a course, verdict by verdict. */
export class CourseRecord {
  #figures: Course = { first: 0, rollback: 0, end: 0 };

  /** @param lastWeight whether the canary has the last weight at this step, so that a promote ends its rollout */
  take(step: number, verdict: Verdict, lastWeight: boolean): void {
    if (verdict === 'hold') return;
    const signed = verdict === 'promote' ? step : -step;
    const { first, rollback, end } = this.#figures;
    this.#figures = {
      first: first === 0 ? signed : first,
      rollback: rollback === 0 && verdict === 'rollback' ? step : rollback,
      end: end === 0 && (verdict === 'rollback' || lastWeight) ? signed : end,
    };
  }

  get figures(): Course {
    return this.#figures;
  }
}
