import assert from 'node:assert/strict';
import { addInto, mean, sum } from '../../src/statistics/sums.js';

describe('sums', () => {
  it('of nothing are 0', () => {
    assert.equal(sum([]), 0);
    assert.equal(mean([]), 0);
  });

  it('add arrays entry by entry, the shorter one as 0 beyond its end', () => {
    const total = [1, 2];
    addInto(total, [10, 20, 30]);
    addInto(total, []);
    assert.deepEqual(total, [11, 22, 30]);
    assert.equal(mean([1, 2, 6]), 3);
  });
});
