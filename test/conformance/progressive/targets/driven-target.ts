import assert from 'node:assert/strict';
import type { Expected } from '../../../../src/progressive/machine/action.js';
import type { ObservedTarget } from '../../../../src/progressive/machine/target-state.js';
import type { Target, TargetResult } from '../../../../src/progressive/target.js';
import { until } from '../../../support/until.js';

/** A target in the hands of a test, which reads before it acts, as the machine does. */
export class DrivenTarget {
  readonly target: Target;

  constructor(target: Target) {
    this.target = target;
  }

  /** As it is now; it has to be there and drivable. */
  async observe(): Promise<ObservedTarget> {
    const state = await this.target.observe();
    if (state.kind !== 'observed') assert.fail(`not observed, but ${JSON.stringify(state)}`);
    return state;
  }

  async untilIt(isThere: (state: ObservedTarget) => boolean): Promise<ObservedTarget> {
    let state = await this.observe();
    await until(async () => {
      state = await this.observe();
      return isThere(state);
    });
    return state;
  }

  /** Until the canary has so much, and that is seen. */
  untilConfirmed(percent: number): Promise<ObservedTarget> {
    return this.untilIt(({ observedPercent }) => observedPercent === percent);
  }

  /** The new model together with its first share. */
  async bring(toPercent: number, seen?: ObservedTarget): Promise<TargetResult> {
    const state = seen ?? (await this.observe());
    return this.target.setWeight({
      kind: 'set-weight',
      expected: { ...expectedOf(state), fingerprint: null },
      fromPercent: state.configuredPercent,
      toPercent,
      bringsModel: true,
    });
  }

  async shift(toPercent: number, seen?: ObservedTarget): Promise<TargetResult> {
    const state = seen ?? (await this.observe());
    return this.target.setWeight({
      kind: 'set-weight',
      expected: expectedOf(state),
      fromPercent: state.configuredPercent,
      toPercent,
      bringsModel: false,
    });
  }

  async rollBack(seen?: ObservedTarget): Promise<TargetResult> {
    return this.target.rollBack({ kind: 'roll-back', expected: expectedOf(seen ?? (await this.observe())) });
  }

  async promote(seen?: ObservedTarget): Promise<TargetResult> {
    const state = seen ?? (await this.observe());
    return this.target.promote({
      kind: 'promote',
      expected: expectedOf(state),
      fromPercent: state.configuredPercent,
    });
  }
}

function expectedOf({ uid, fingerprint, stable }: ObservedTarget): Expected {
  return { uid, fingerprint, stable };
}

/** @throws AssertionError with the reason where it was not done */
export function assertDone(result: TargetResult): void {
  assert.deepEqual(result, { kind: 'done' });
}

/** It was not done, for a reason as expected. */
export function assertNotDone(result: TargetResult, kind: 'conflict' | 'refused', reason: RegExp): void {
  assert.equal(result.kind, kind, JSON.stringify(result));
  assert.ok('reason' in result);
  assert.match(result.reason, reason);
}
