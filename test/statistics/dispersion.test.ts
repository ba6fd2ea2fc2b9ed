import assert from 'node:assert/strict';
import {
  baselineDispersion,
  dispersionAtSize,
  noDispersion,
  pairedHistogramDispersion,
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

const canaryLooks = [
  [5, 12, 3],
  [14, 4, 2],
  [6, 9, 8],
  [12, 11, 1],
  [7, 3, 10],
  [15, 6, 3],
  [4, 10, 9],
  [13, 9, 2],
  [5, 8, 7],
  [11, 12, 4],
  [6, 4, 11],
];
const stableLooks = [
  [90, 120, 60],
  [100, 110, 70],
  [80, 130, 50],
  [95, 105, 66],
  [85, 125, 58],
  [99, 115, 61],
  [88, 119, 64],
  [92, 121, 57],
  [97, 108, 63],
  [84, 126, 60],
  [91, 117, 65],
];

describe('dispersion of predictions', () => {
  it(`golden value of eleven looks: ${referenceSource}`, () => {
    assertPrinted(predictionDispersion(canaryLooks) ?? NaN, '4.16927137883');
  });

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

describe('dispersion of the difference between the two arms', () => {
  const looks = canaryLooks.map((canary, index) => ({ canary, stable: stableLooks[index] ?? [] }));
  const empty = { canary: [0, 0, 0], stable: [90, 120, 60] };

  it(`golden value of eleven looks: ${referenceSource}`, () => {
    assertPrinted(pairedHistogramDispersion(looks) ?? NaN, '3.98129344329');
  });

  it('is not known with fewer than ten pairs of looks that both arms have', () => {
    assert.equal(pairedHistogramDispersion(looks.slice(1)), undefined);
    assert.equal(pairedHistogramDispersion([...looks.slice(1), empty]), undefined, 'an empty canary');
    const silent = { canary: [5, 12, 3], stable: [0, 0, 0] };
    assert.equal(
      pairedHistogramDispersion([...looks.slice(1), silent]),
      undefined,
      'an empty stable version',
    );
  });

  it('pairs the looks before and after an empty one', () => {
    const [first, ...others] = looks;
    assert.ok(first !== undefined);
    assert.equal(pairedHistogramDispersion([first, empty, ...others]), pairedHistogramDispersion(looks));
  });

  it('is 1 for a constant drift, and for movement that both arms share', () => {
    const constant = Array.from({ length: 12 }, () => ({ canary: [10, 60, 30], stable: [300, 400, 300] }));
    assert.equal(pairedHistogramDispersion(constant), 1);
    const together = Array.from({ length: 12 }, (_, index) => {
      const shares = index % 2 === 0 ? [70, 20, 10] : [10, 30, 60];
      return { canary: shares, stable: shares.map((share) => 10 * share) };
    });
    assert.equal(pairedHistogramDispersion(together), 1);
    assert.ok((predictionDispersion(together.map(({ stable }) => stable)) ?? NaN) > 100);
  });

  it('grows with the size of clumps', () => {
    const clumped = (size: number) =>
      looks.map(({ canary, stable }) => ({
        canary: canary.map((count) => size * count),
        stable: stable.map((count) => size * count),
      }));
    const [once, fivefold] = [1, 5].map((size) => pairedHistogramDispersion(clumped(size)) ?? NaN);
    assert.ok(agree((fivefold ?? NaN) / (once ?? NaN), 5, 1e-9));
  });

  it('leaves out bins that the stable version never fills', () => {
    const wider = looks.map(({ canary, stable }) => ({ canary, stable: [...stable.slice(0, 2), 0] }));
    assert.ok(Number.isFinite(pairedHistogramDispersion(wider)));
  });
});
