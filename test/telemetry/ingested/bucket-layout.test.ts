import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadConfig } from '../../../src/config/index.js';
import { latencyBin, latencyBoundsMs, scoreBin, scoreBinUpperEdge } from '../../../src/sources/index.js';
import { latencyLayout, scoreLayout } from '../../../src/telemetry/ingested/bucket-layout.js';
import { valueOf } from '../../support/value-of.js';

/** The bucket of a value itself, as Prometheus counts it. */
function bucketOf(value: number, bounds: readonly number[]): number {
  const bucket = bounds.findIndex((bound) => value <= bound);
  return bucket < 0 ? bounds.length : bucket;
}

const { latencyBuckets, scoreBuckets } = valueOf(loadConfig({ env: {} })).metrics.ingested;

describe('buckets on the grids of the ledger', () => {
  it('have every request time where it belongs', () => {
    const some = fc.subarray([...latencyBuckets], { minLength: 1 });
    const times = fc.oneof(
      fc.double({ min: 0, max: 40_000, noNaN: true }),
      fc.constantFrom(...latencyBoundsMs),
    );
    fc.assert(
      fc.property(some, times, (bounds, milliseconds) => {
        const layout = latencyLayout(bounds);
        const bucket = layout.bucketOf(latencyBin(milliseconds));
        assert.equal(
          bucket,
          bucketOf(
            milliseconds,
            bounds.map((bound) => latencyBoundsMs[latencyBuckets.indexOf(bound)] ?? NaN),
          ),
        );
      }),
    );
  });

  it('have every score where it belongs, inside and outside of [0, 1]', () => {
    const edges = fc
      .uniqueArray(fc.integer({ min: -700, max: 700 }), { minLength: 1, maxLength: 30 })
      .map((bins) => bins.sort((one, other) => one - other).map(scoreBinUpperEdge));
    const scores = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
      fc.constantFrom(-1e300, 1e300, 1e21, 0, -0, 5e-324, -5e-324, -1e-9),
    );
    fc.assert(
      fc.property(fc.oneof(edges, fc.constant([...scoreBuckets])), scores, (bounds, score) => {
        // The grid takes what is nearer to zero than 1e-9 and negative for zero.
        const counted = score < 0 && score > -1e-9 ? 0 : score;
        const where = scoreLayout(bounds).bucketOf(scoreBin(score));
        assert.equal(where, bucketOf(counted, bounds));
      }),
    );
  });
});
