import assert from 'node:assert/strict';
import { logOdds } from '../../src/statistics/log-odds.js';
import { closeTo } from '../support/close-to.js';

describe('log odds', () => {
  it('are ln(p / (1 - p)), and finite at the ends', () => {
    assert.equal(logOdds(0.5), 0);
    closeTo(logOdds(0.8), Math.log(4), 1e-14);
    closeTo(logOdds(1e-200), -200 * Math.log(10), 1e-14);
    assert.deepEqual([logOdds(0), logOdds(1)], [-700, 700]);
  });
});
