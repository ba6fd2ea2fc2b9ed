import assert from 'node:assert/strict';
import { piecesOf } from '../../../src/sources/ledger/pieces-of.js';

describe('piecesOf', () => {
  it('gives everything in its order, in lists of a size', () => {
    assert.deepEqual([...piecesOf([1, 2, 3, 4, 5], 2)], [[1, 2], [3, 4], [5]]);
    assert.deepEqual([...piecesOf(new Set(['a', 'b']), 2)], [['a', 'b']]);
    assert.deepEqual([...piecesOf([], 2)], []);
  });

  it('takes no more than it gives', () => {
    let taken = 0;
    function* items(): Generator<number> {
      for (;;) yield ++taken;
    }
    assert.deepEqual(piecesOf(items(), 3).next().value, [1, 2, 3]);
    assert.equal(taken, 3);
  });
});
