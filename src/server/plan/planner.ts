import { setImmediate as nextTurn } from 'node:timers/promises';
import { VerdictError } from '../../domain/errors.js';
import { planSteps, type Plan } from '../../judge/index.js';
import type { PlanRequest } from './read-plan-request.js';

/** So many plans may be asked for and not yet answered; more are refused. */
const mostWaiting = 8;

/**
 * Makes plans one at a time with a turn of the event loop after every step of a few milliseconds, since the thread is
 * the one that answers verdicts.
 */
export class Planner {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param isWanted whether the caller still waits; a plan for nobody is given up
   * @returns undefined where it was given up
   * @throws VerdictError `unavailable` when too many others wait
   */
  async make({ policy, question }: PlanRequest, isWanted: () => boolean): Promise<Plan | undefined> {
    if (this.#waiting >= mostWaiting) {
      throw new VerdictError('unavailable', 'Too many plans are being made; ask again in a few seconds.');
    }
    this.#waiting += 1;
    const made = this.#last.then(async () => {
      const steps = planSteps(policy, question);
      while (isWanted()) {
        const step = steps.next();
        if (step.done === true) return step.value;
        await nextTurn();
      }
      return undefined;
    });
    // The next one follows whether or not this one succeeds.
    this.#last = made.catch(() => undefined);
    try {
      return await made;
    } finally {
      this.#waiting -= 1;
    }
  }
}
