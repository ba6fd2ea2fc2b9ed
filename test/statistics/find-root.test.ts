import assert from 'node:assert/strict';
import { findRoot } from '../../src/statistics/find-root.js';
import { closeTo } from '../support/close-to.js';

describe('root of a function', () => {
  it('is found from either side, whichever way the function goes', () => {
    for (const [name, value, root] of [
      ['a parabola', (x: number) => x * x - 2, Math.SQRT2],
      ['a falling line', (x: number) => 3 - 2 * x, 1.5],
      ['a steep power', (x: number) => x ** 9 - 1e-6, 1e-6 ** (1 / 9)],
      ['an exponential', (x: number) => Math.exp(-x) - 0.3, -Math.log(0.3)],
    ] as const) {
      closeTo(findRoot(value, 0, 10), root, 1e-11);
      assert.ok(Number.isFinite(root), name);
    }
  });

  it('is an end that is one', () => {
    assert.equal(
      findRoot((x) => x, 0, 5),
      0,
    );
    assert.equal(
      findRoot((x) => x - 5, 0, 5),
      5,
    );
  });

  it('is the nearer end where there is none in between', () => {
    assert.equal(
      findRoot((x) => x + 1, 0, 5),
      0,
    );
    assert.equal(
      findRoot((x) => x - 9, 0, 5),
      5,
    );
  });

  it('takes few evaluations', () => {
    let evaluations = 0;
    findRoot(
      (x) => {
        evaluations += 1;
        return x ** 3 - 5;
      },
      0,
      10,
    );
    assert.ok(evaluations <= 30, String(evaluations));
  });
});
