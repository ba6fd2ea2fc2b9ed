import assert from 'node:assert/strict';
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import {
  noncentralChiSquareCdf,
  noncentralChiSquareQuantile,
  quickNoncentralChiSquareQuantile,
} from '../../src/statistics/noncentral-chi-square.js';
import { normalQuantile } from '../../src/statistics/normal-distribution.js';
import { closeTo } from '../support/close-to.js';

describe('noncentral chi-square distribution', () => {
  // x, degrees of freedom, noncentrality, P(X <= x)
  for (const [x, degrees, noncentrality, expected] of [
    [5, 9, 10, 0.0071436475737411305],
    [70, 9, 72.5, 0.2666171943796009],
    [480, 19, 500, 0.19529981460515083],
    [9800, 3, 9999, 0.15622332655370116],
    [10332.676212457882, 3, 9999, 0.9500000000000024],
  ] as const) {
    it(`has ${expected} up to ${x} (scipy 1.17.1: stats.ncx2.cdf)`, () => {
      closeTo(noncentralChiSquareCdf(x, degrees, noncentrality), expected, 1e-11);
    });
  }

  // probability, degrees of freedom, noncentrality, quantile
  for (const [p, degrees, noncentrality, expected] of [
    [0.5, 9, 0, 8.342832692252953],
    [0.95, 9, 0, 16.918977604620448],
    [0.05, 9, 72.5, 54.399668224234475],
    [0.95, 9, 72.5, 111.95161511325246],
    [0.5, 9, 72.75, 80.76750795055841],
    [0.05, 19, 500, 446.47593750629494],
    [0.95, 3, 9999, 10332.676212457882],
    [0.05, 9, 20000, 19545.42404647942],
    [0.95, 9, 3e6, 3005708.6494471077],
    [0.05, 1, 1, 0.010674708241848553],
  ] as const) {
    it(`reaches ${p} at ${expected} for ${degrees} and ${noncentrality} (scipy 1.17.1: stats.ncx2.ppf)`, () => {
      closeTo(noncentralChiSquareQuantile(p, degrees, noncentrality), expected, 1e-8);
    });
  }

  it('is the central one without noncentrality', () => {
    for (const degrees of [1, 2, 9, 40]) {
      for (const p of [0.01, 0.5, 0.95, 0.999]) {
        closeTo(noncentralChiSquareQuantile(p, degrees, 0), chiSquareQuantile(p, degrees), 1e-9);
      }
    }
  });

  it('is 0 below 0, and 0 or 1 far out', () => {
    assert.equal(noncentralChiSquareCdf(-1, 9, 3), 0);
    assert.equal(noncentralChiSquareCdf(3, 9, 5000), 0);
    assert.equal(noncentralChiSquareCdf(1e4, 9, 1), 1);
  });

  it('is quickly known to 1 % for the nine degrees of ten bins', () => {
    for (const p of [0.05, 0.5, 0.95]) {
      for (const noncentrality of [0, 3, 20, 72.5, 500]) {
        const quick = quickNoncentralChiSquareQuantile(normalQuantile(p), 9, noncentrality);
        closeTo(quick, noncentralChiSquareQuantile(p, 9, noncentrality), 0.01);
      }
    }
  });
});
