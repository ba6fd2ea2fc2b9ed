import assert from 'node:assert/strict';
import {
  baselineDispersion,
  dispersionAtSize,
  noDispersion,
  predictionDispersion,
} from '../../src/statistics/dispersion.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

describe('dispersion of events', () => {
  it(`golden values of six uneven looks: ${referenceSource}`, () => {
    // Pearson's quasi-likelihood dispersion, and the intra-class correlation that it implies.
    const found = baselineDispersion([9, 3, 30, 5, 8, 12].map((events) => ({ events, trials: 2850 })));
    assertPrinted(found.baseline, '8.53793032139');
    assertPrinted(found.correlation, '0.00264581618862');
    assertPrinted(dispersionAtSize(found, 150), '1.3942266121');
  });

  it('is none where it cannot be estimated', () => {
    const look = (events: number, trials: number) => ({ events, trials });
    assert.deepEqual(baselineDispersion([]), noDispersion);
    assert.deepEqual(baselineDispersion([look(5, 100)]), noDispersion, 'one look');
    assert.deepEqual(baselineDispersion([look(5, 100), look(0, 0)]), noDispersion, 'one look with traffic');
    assert.deepEqual(baselineDispersion([look(0, 100), look(0, 100)]), noDispersion, 'no event');
    assert.deepEqual(baselineDispersion([look(9, 9), look(4, 4)]), noDispersion, 'nothing but events');
    assert.deepEqual(baselineDispersion([look(1, 1), look(0, 1)]), noDispersion, 'looks of one request');
  });

  it('never counts as less than 1: looks more even than chance give nothing', () => {
    const even = baselineDispersion([1, 1, 1, 1].map((events) => ({ events, trials: 100 })));
    assert.ok(even.baseline < 1);
    assert.equal(even.correlation, 0);
    assert.equal(dispersionAtSize(even, 1e6), 1);
    assert.equal(dispersionAtSize({ baseline: 3, correlation: 0.1 }, 0), 1);
  });
});

describe('dispersion of predictions', () => {
  const alternating = (looks: number) =>
    Array.from({ length: looks }, (_, i) => (i % 2 === 0 ? [60, 40, 0] : [40, 60, 0]));

  it('is not checked with fewer than ten pairs of looks', () => {
    assert.equal(predictionDispersion(alternating(10)), undefined);
    assert.notEqual(predictionDispersion(alternating(11)), undefined);
    const withEmpty = [...alternating(5), [0, 0, 0], ...alternating(5)];
    assert.equal(predictionDispersion(withEmpty), undefined, 'empty looks make no pair');
  });

  it('is the mean distance of neighbouring looks over what chance gives', () => {
    // Shares move by 0.2 in both of two bins of one half: 2 * 0.04 / 0.5 = 0.16 over (1/100 + 1/100) (2 - 1).
    const pooled = 6 / 11; // eleven looks begin and end with the fuller first bin
    const first = (pooled * 60 + (1 - pooled) * 40) / 100;
    const expected = (0.04 / first + 0.04 / (1 - first)) / 0.02;
    assert.ok(agree(predictionDispersion(alternating(11)) ?? NaN, expected, 1e-12));
  });

  it('is at least 1, and not checked where all predictions are one bin', () => {
    assert.equal(predictionDispersion(Array.from({ length: 12 }, () => [50, 50])), 1);
    assert.equal(predictionDispersion(Array.from({ length: 12 }, () => [50, 0])), undefined);
  });
});
