import assert from 'node:assert/strict';
import { gaussianBets } from '../../src/statistics/gaussian-bets.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

describe('Gaussian bets', () => {
  it(`golden value of three bets: ${referenceSource}`, () => {
    assertPrinted(gaussianBets(0.03, 1e-4, [0.02, 0.04, 0.1]), '3.59453489191');
  });

  it('is an e-value at the null: its mean over the normal distribution is 1', () => {
    const variance = 0.0009;
    const deviation = Math.sqrt(variance);
    let mean = 0;
    const step = 0.001;
    for (let z = -9; z <= 9; z += step) {
      const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
      mean += density * step * Math.exp(gaussianBets(z * deviation, variance, [0.02, 0.05, 0.1]));
    }
    assert.ok(agree(mean, 1, 1e-6), `got ${mean}`);
  });

  it('gives no evidence where nothing varies', () => {
    assert.equal(gaussianBets(1, 0, [0.1]), 0);
    assert.equal(gaussianBets(1, NaN, [0.1]), 0);
  });
});
