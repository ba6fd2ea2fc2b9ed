import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addCounts, readCounts, writeCounts } from '../../../src/sources/ledger/sparse-counts.js';

const counts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 1, max: 2 ** 40 })), {
    selector: ([bin]) => bin,
  })
  .map((entries) => new Map(entries));

describe('sparse counts', () => {
  it('come back as they were written, by ascending bin', () => {
    fc.assert(
      fc.property(counts, (written) => {
        const read = readCounts(writeCounts(written));
        assert.deepEqual(
          [...read],
          [...written].sort(([a], [b]) => a - b),
        );
      }),
    );
    assert.equal(
      writeCounts(
        new Map([
          [3, 1],
          [-1, 2],
        ]),
      ),
      '[-1,2,3,1]',
    );
  });

  it('add bin by bin', () => {
    const into = new Map([[1, 1]]);
    addCounts(
      into,
      new Map([
        [1, 2],
        [7, 3],
      ]),
    );
    assert.deepEqual(
      [...into],
      [
        [1, 3],
        [7, 3],
      ],
    );
  });
});
