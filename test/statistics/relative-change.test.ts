import assert from 'node:assert/strict';
import {
  fiellerInterval,
  outcomeMoments,
  relativeChangeVariance,
} from '../../src/statistics/relative-change.js';
import { normal975 } from '../../src/statistics/single-look-intervals.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

/** 470 conversions of 10,000 against 9,500 of 190,000: 6 % fewer. */
const canary = outcomeMoments(10_000, 470, 470);
const stable = outcomeMoments(190_000, 9500, 9500);
const compared = (moments: typeof canary) => ({
  mean: moments.mean,
  varianceOfMean: moments.variance / moments.count,
});

describe(`relative change of a mean: ${referenceSource}`, () => {
  it('golden change, and its variance and interval by the delta method', () => {
    const change = canary.mean / stable.mean - 1;
    assertPrinted(change, '-0.06');
    const variance = relativeChangeVariance(compared(canary), compared(stable));
    assertPrinted(variance, '0.00188017964697');
    assertPrinted(change - normal975 * Math.sqrt(variance), '-0.144986073502');
    assertPrinted(change + normal975 * Math.sqrt(variance), '0.0249860735024');
  });

  it("golden interval by Fieller's theorem (1954)", () => {
    const [low, high] = fiellerInterval(compared(canary), compared(stable)) ?? [NaN, NaN];
    assertPrinted(low, '-0.144641931599');
    assertPrinted(high, '0.0253644071956');
  });

  it('has no interval where the mean of the baseline is not told apart from 0', () => {
    assert.equal(fiellerInterval({ mean: 1, varianceOfMean: 1 }, { mean: 1, varianceOfMean: 0.3 }), null);
  });

  it('has the unbiased variance of one outcome, and none of fewer than two', () => {
    assert.deepEqual(outcomeMoments(1, 5, 25), { count: 1, mean: 5, variance: 0 });
    const { mean, variance } = outcomeMoments(4, 10, 30);
    assert.equal(mean, 2.5);
    assert.ok(agree(variance, 5 / 3, 1e-12));
  });

  it('is never negative by rounding', () => {
    assert.equal(outcomeMoments(3, 0.3, 0.03 - 1e-18).variance >= 0, true);
  });
});
