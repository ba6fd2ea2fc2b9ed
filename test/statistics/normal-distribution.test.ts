import assert from 'node:assert/strict';
import { normal95, normalCdf, normalQuantile } from '../../src/statistics/normal-distribution.js';
import { closeTo } from '../support/close-to.js';

describe('normal distribution', () => {
  for (const [x, expected] of [
    [-3.5, 0.00023262907903552502],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [2.326, 0.9899907246591323],
    [6, 0.9999999990134123],
    [-20, 2.7536241186061556e-89],
    [-37, 5.7255712225239266e-300],
  ] as const) {
    it(`has ${expected} below ${x} (scipy 1.17.1: stats.norm.cdf)`, () => {
      closeTo(normalCdf(x), expected, 1e-12);
    });
  }

  for (const [p, expected] of [
    [0.05, -1.6448536269514729],
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.999, 3.090232306167813],
    [1e-12, -7.034483825301131],
    [1e-100, -21.273453560965322],
  ] as const) {
    it(`reaches ${p} at ${expected} (scipy 1.17.1: stats.norm.ppf)`, () => {
      closeTo(normalQuantile(p), expected, 1e-13);
    });
  }

  it('knows its 95 % point and its ends', () => {
    closeTo(normalQuantile(0.95), normal95, 1e-13);
    assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
    assert.ok(Number.isNaN(normalQuantile(NaN)));
  });
});
