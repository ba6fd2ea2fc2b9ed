import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bisect, smallestWhole } from '../../src/statistics/bisect.js';
import { agree } from '../support/assert-printed.js';

describe('bisect', () => {
  it('finds the point at which a predicate stops holding, to the last bits', () => {
    assert.ok(
      agree(
        bisect((x) => x * x < 2, 0, 2),
        Math.SQRT2,
        1e-15,
      ),
    );
    const small = bisect((x) => x < 1e-12, Number.MIN_VALUE, 1);
    assert.ok(Math.abs(small - 1e-12) < 1e-26);
  });

  it('finds the smallest whole number that is enough, or none within the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (wanted) => {
        assert.equal(
          smallestWhole((n) => n >= wanted, 10_000),
          wanted,
        );
        assert.equal(
          smallestWhole((n) => n >= wanted, wanted - 1),
          wanted === 1 ? 1 : undefined,
        );
      }),
      { seed: 20260105, numRuns: 100 },
    );
  });
});
