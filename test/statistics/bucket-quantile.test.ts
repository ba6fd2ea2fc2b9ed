import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketQuantile, countAbove, tailCounts } from '../../src/statistics/bucket-quantile.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

const bounds = [0.1, 0.25, 0.5, 1];
const counts = [900, 85, 9, 5, 1];

describe('bucket quantile', () => {
  // Prometheus's histogram_quantile (linear), and the rule of its native histograms (exponential).
  for (const [interpolation, p99] of [
    ['linear', '0.388888888889'],
    ['exponential', '0.367433623042'],
  ] as const) {
    it(`golden p99 and p50, ${interpolation}: ${referenceSource}`, () => {
      assertPrinted(bucketQuantile(bounds, counts, 0.99, interpolation)?.value ?? NaN, p99);
      assertPrinted(bucketQuantile(bounds, counts, 0.5, interpolation)?.value ?? NaN, '0.0555555555556');
    });
  }

  it('tells the bucket, and that the open one is only a lower end', () => {
    assert.deepEqual(bucketQuantile(bounds, counts, 0.99, 'linear')?.bracket, [0.25, 0.5]);
    assert.deepEqual(bucketQuantile(bounds, [0, 0, 0, 1, 99], 0.99, 'exponential'), {
      value: 1,
      bracket: [1, null],
      atLeast: true,
    });
  });

  it('takes the first bucket that reaches the rank, up to rounding', () => {
    // 0.07 * 100 is a little above 7 in binary.
    assert.equal(bucketQuantile([1, 2], [7, 93, 0], 0.07, 'linear')?.value, 1);
    assert.equal(bucketQuantile([1, 2, 3], [99, 0, 1, 0], 0.99, 'linear')?.value, 1);
  });

  it('knows nothing without counts', () => {
    assert.equal(bucketQuantile(bounds, [0, 0, 0, 0, 0], 0.99, 'linear'), undefined);
    assert.equal(bucketQuantile([], [], 0.99, 'linear'), undefined);
  });
});

describe('counts above a threshold', () => {
  it('are those above a bound exactly where the threshold is a bound', () => {
    assert.deepEqual(tailCounts(counts), [100, 15, 6, 1]);
    bounds.forEach((bound, i) => {
      for (const interpolation of ['linear', 'exponential'] as const) {
        assert.ok(
          agree(countAbove(bounds, counts, bound, interpolation), tailCounts(counts)[i] ?? NaN, 1e-12),
        );
      }
    });
  });

  it('are interpolated inside the bucket, linearly in the first one', () => {
    // 85 between 0.1 and 0.25; 0.2 lies ln 2 / ln 2.5 of the way on a logarithmic scale.
    const fraction = Math.log(2) / Math.log(2.5);
    assert.ok(agree(countAbove(bounds, counts, 0.2, 'exponential'), 100 - 85 * fraction, 1e-12));
    assert.ok(agree(countAbove(bounds, counts, 0.2, 'linear'), 100 - 85 * (2 / 3), 1e-12));
    assert.ok(agree(countAbove(bounds, counts, 0.05, 'exponential'), 1000 - 450, 1e-12));
  });

  it('above the last bound are all that lie beyond it: the most that could be', () => {
    assert.equal(countAbove(bounds, counts, 2, 'exponential'), 1);
  });

  const histogram = fc
    .uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 12 })
    .chain((unsorted) => {
      const sorted = [...unsorted].sort((a, b) => a - b);
      const entries = sorted.length + 1;
      return fc.tuple(fc.constant(sorted), fc.array(fc.nat(200), { minLength: entries, maxLength: entries }));
    });

  it('fall with the threshold, and leave 1 - q above the q-quantile', () => {
    fc.assert(
      fc.property(
        histogram,
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 2500 }),
        ([edges, filled], percent, threshold) => {
          const total = filled.reduce((a, b) => a + b, 0);
          const quantile = percent / 100;
          for (const interpolation of ['linear', 'exponential'] as const) {
            const here = countAbove(edges, filled, threshold, interpolation);
            assert.ok(here >= 0 && here <= total);
            assert.ok(countAbove(edges, filled, threshold + 7, interpolation) <= here + 1e-9);
            const found = bucketQuantile(edges, filled, quantile, interpolation);
            if (found === undefined || found.atLeast) continue;
            const above = countAbove(edges, filled, found.value, interpolation);
            assert.ok(agree(above, (1 - quantile) * total, 1e-6), `${above} of ${total}`);
          }
        },
      ),
      { seed: 20260105, numRuns: 300 },
    );
  });
});
