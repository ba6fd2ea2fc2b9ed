import assert from 'node:assert/strict';
import { logAddExp, logMeanExp, logSumExp } from '../../src/statistics/log-sum-exp.js';
import { agree } from '../support/assert-printed.js';

describe('log-sum-exp', () => {
  it('adds exponentials far beyond the range of a double', () => {
    assert.ok(agree(logSumExp([1000, 1000]), 1000 + Math.log(2), 1e-15));
    assert.ok(agree(logSumExp([-1000, -1001]), -1000 + Math.log1p(Math.exp(-1)), 1e-15));
    assert.ok(agree(logAddExp(800, 0), 800, 1e-15));
    assert.ok(agree(logAddExp(0, 800), 800, 1e-15));
  });

  it('takes the log of nothing as minus infinity', () => {
    assert.equal(logSumExp([]), -Infinity);
    assert.equal(logSumExp([-Infinity, -Infinity]), -Infinity);
    assert.equal(logAddExp(-Infinity, 3), 3);
    assert.equal(logAddExp(3, -Infinity), 3);
    assert.equal(logSumExp([Infinity, 1]), Infinity);
  });

  it('averages evenly', () => {
    assert.ok(agree(logMeanExp([Math.log(1), Math.log(3)]), Math.log(2), 1e-15));
  });
});
