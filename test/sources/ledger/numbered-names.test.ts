import assert from 'node:assert/strict';
import { NumberedNames } from '../../../src/sources/ledger/numbered-names.js';

describe('numbered names', () => {
  it('have one position each, in the order in which they came', () => {
    const names = new NumberedNames();
    assert.deepEqual(
      ['v2', 'v1', 'v2', '__proto__', 'v1'].map((name) => names.positionOf(name)),
      [0, 1, 0, 2, 1],
    );
    assert.deepEqual(names.list(), ['v2', 'v1', '__proto__']);
  });
});
