import assert from 'node:assert/strict';
import { CountedArm } from '../../../../src/sources/prometheus/counting/counted-look.js';
import { errorsOf } from '../../../../src/sources/prometheus/looks/errors-of.js';

/** The errors of a canary's looks, of which each began some requests and finished some. */
function errorsIn(looks: readonly (readonly [begun: number, finished: number])[]): readonly number[] {
  const counted = looks.map(([begun, finished], minute) => {
    const canary = new CountedArm();
    canary.add('errors', '', begun);
    canary.add('errors-less', '', finished);
    return { minute, arms: { canary, stable: new CountedArm() } };
  });
  const errors = errorsOf(counted);
  return counted.map(({ arms }) => errors.get(arms.canary) ?? NaN);
}

describe('errors that are what was begun less what was finished', () => {
  it('counts a request that ends in a later look once at most', () => {
    assert.deepEqual(
      errorsIn([
        [100, 98],
        [100, 102],
        [100, 97],
        [100, 100],
      ]),
      [2, 0, 1, 0],
    );
  });

  it('lets what was finished without having been seen to begin hide no error', () => {
    assert.deepEqual(
      errorsIn([
        [0, 500],
        [100, 90],
        [100, 95],
      ]),
      [0, 10, 5],
    );
  });

  it('takes no more off than was told before, over all looks together', () => {
    assert.deepEqual(
      errorsIn([
        [10, 8],
        [0, 50],
        [10, 7],
        [10, 5],
      ]),
      [2, 0, 1, 5],
    );
  });
});
