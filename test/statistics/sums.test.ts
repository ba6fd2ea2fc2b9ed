import assert from 'node:assert/strict';
import { addArrays, mean, sum } from '../../src/statistics/sums.js';

describe('sums', () => {
  it('of nothing are 0', () => {
    assert.equal(sum([]), 0);
    assert.equal(mean([]), 0);
  });

  it('add arrays entry by entry, the shorter one as 0 beyond its end', () => {
    assert.deepEqual(addArrays([1, 2], [10, 20, 30]), [11, 22, 30]);
    assert.deepEqual(addArrays([1, 2, 3], []), [1, 2, 3]);
    assert.equal(mean([1, 2, 6]), 3);
  });
});
