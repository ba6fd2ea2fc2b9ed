import assert from 'node:assert/strict';
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import fc from 'fast-check';
import { gaussianBets } from '../../src/statistics/gaussian-bets.js';
import {
  bettingVariance,
  deltaVariance,
  nullBias,
  plainShares,
  plugInBias,
  populationStabilityIndex,
  psiContribution,
  samplingScale,
  smoothedShares,
} from '../../src/statistics/population-stability-index.js';
import { sum } from '../../src/statistics/sums.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';
import { baseline, canaries, type CanaryName } from '../support/reference-histograms.js';

const names = Object.keys(canaries) as readonly CanaryName[];

describe('population stability index', () => {
  // Jeffreys divergence of two histograms; smoothing by Jeffreys' and Laplace's rules.
  describe(`golden values: ${referenceSource}`, () => {
    const golden: Readonly<Record<CanaryName, Readonly<Record<string, string>>>> = {
      similar: {
        raw: '0.0121227160714',
        jeffreys: '0.0109850993824',
        laplace: '0.0100008424894',
        nullBias: '0.099',
        plugInBias: '0.0995595369498',
        deltaVariance: '0.000483887584095',
        nullPoint95: '0.186108753651',
      },
      leaning: {
        raw: '0.114727223313',
        jeffreys: '0.113404326548',
        laplace: '0.112105436836',
        nullBias: '0.018',
        plugInBias: '0.0187503212418',
        deltaVariance: '0.000927789512074',
        nullPoint95: '0.0338379552092',
      },
      emptied: {
        jeffreys: '0.403011241195',
        laplace: '0.32135791493',
        nullBias: '0.099',
        plugInBias: '0.199493526929',
        deltaVariance: '0.0317140206973',
        nullPoint95: '0.186108753651',
      },
    };
    for (const name of names) {
      it(`of the canary "${name}"`, () => {
        const canary = canaries[name];
        const [n, m] = [sum(canary), sum(baseline)];
        const [p, q] = [smoothedShares(canary), smoothedShares(baseline)];
        const scale = samplingScale(n, m);
        const found: Readonly<Record<string, number>> = {
          raw: populationStabilityIndex(plainShares(canary), plainShares(baseline)),
          jeffreys: populationStabilityIndex(p, q),
          laplace: populationStabilityIndex(smoothedShares(canary, 1), smoothedShares(baseline, 1)),
          nullBias: nullBias(10, scale),
          plugInBias: plugInBias(p, q, n, m),
          deltaVariance: deltaVariance(p, q, n, m),
          // Yurdakul 2018: under "no drift" the PSI is about (1/N + 1/M) times a chi-square with B-1 degrees.
          nullPoint95: chiSquareQuantile(0.95, 9) * scale,
        };
        for (const [quantity, printed] of Object.entries(golden[name])) {
          assertPrinted(found[quantity] ?? NaN, printed, quantity);
        }
      });
    }

    it('is infinite without smoothing where one bin is empty, and finite with a floor of 1e-4', () => {
      const q = plainShares(baseline);
      assert.equal(populationStabilityIndex(plainShares(canaries.emptied), q), Infinity);
      const floored = plainShares(canaries.emptied).map((share) => Math.max(share, 1e-4));
      assertPrinted(populationStabilityIndex(floored, q), '0.81433008486');
    });

    // The parts of one drift verdict: bias-corrected PSI, the variances of both bets, both bets.
    it('of every part of the verdict on the canary "leaning"', () => {
      const canary = canaries.leaning;
      const [n, m] = [sum(canary), sum(baseline)];
      const [p, q] = [smoothedShares(canary), smoothedShares(baseline)];
      const scale = samplingScale(n, m);
      assertPrinted(scale, '0.002', 'c');
      const corrected = populationStabilityIndex(p, q) - nullBias(10, scale);
      assertPrinted(corrected, '0.0954043265484', 'corrected PSI');
      const variance = deltaVariance(p, q, n, m);
      const rollbackVariance = bettingVariance(variance, 0.1, scale, 10);
      assertPrinted(rollbackVariance, '0.000999789512074', 'V0');
      assertPrinted(gaussianBets(corrected - 0.1, rollbackVariance, [0.1, 0.15, 0.3]), '-6.5577981701');
      const promoteVariance = bettingVariance(variance, 0.2, scale, 10);
      assertPrinted(promoteVariance, '0.001672', 'V1');
      assertPrinted(gaussianBets(0.2 - corrected, promoteVariance, [0.1, 0.2]), '2.63621449485');
    });

    it('of twenty bins and of the five they merge into', () => {
      const fineBaseline = [10, 40, 80, 110, 120, 115, 105, 95, 80, 65, 55, 40, 30, 20, 15, 10, 5, 3, 1, 1];
      const fineCanary = [0, 3, 6, 9, 11, 12, 11, 11, 9, 8, 6, 5, 4, 2, 1, 1, 1, 0, 0, 0];
      const index = (canary: readonly number[], stable: readonly number[]) =>
        populationStabilityIndex(smoothedShares(canary), smoothedShares(stable));
      assertPrinted(index(fineCanary, fineBaseline), '0.0457936479912');
      assertPrinted(index([18, 23, 22, 17, 20], [240, 235, 200, 145, 180]), '0.0251134278868');
    });
  });

  it('keeps the betting variance between its clips', () => {
    const nullPart = 2 * 9 * 0.002 ** 2;
    assert.ok(agree(bettingVariance(0, 0.1, 0.002, 10), 4 * 0.1 * 0.002 + nullPart, 1e-15));
    assert.ok(agree(bettingVariance(1, 0.1, 0.002, 10), 8 * 0.1 * 0.002 + nullPart, 1e-15));
    assert.ok(agree(bettingVariance(0.001, 0.1, 0.002, 10), 0.001 + nullPart, 1e-15));
  });

  it('is exactly 0 for equal shares, empty bins included', () => {
    assert.equal(populationStabilityIndex([0, 0.5, 0.5], [0, 0.5, 0.5]), 0);
    assert.equal(psiContribution(0, 0), 0);
    assert.equal(psiContribution(0.1, 0), Infinity);
    assert.deepEqual(plainShares([0, 0]), [0, 0]);
  });

  const histograms = fc
    .integer({ min: 2, max: 12 })
    .chain((bins) =>
      fc.tuple(
        fc.array(fc.nat(500), { minLength: bins, maxLength: bins }),
        fc.array(fc.nat(500), { minLength: bins, maxLength: bins }),
      ),
    );

  it('is symmetric, never negative, and lower after merging bins', () => {
    fc.assert(
      fc.property(histograms, ([left, right]) => {
        const p = smoothedShares(left);
        const q = smoothedShares(right);
        const index = populationStabilityIndex(p, q);
        assert.ok(agree(index, populationStabilityIndex(q, p), 1e-12));
        assert.ok(index >= 0);
        const merge = ([first = 0, second = 0, ...rest]: readonly number[]) => [first + second, ...rest];
        assert.ok(populationStabilityIndex(merge(p), merge(q)) <= index + 1e-12);
      }),
      { seed: 20260105, numRuns: 300 },
    );
  });

  it('does not depend on the order of the bins', () => {
    fc.assert(
      fc.property(histograms, fc.nat(), ([left, right], turn) => {
        const rotate = (values: readonly number[]) => {
          const by = turn % values.length;
          return [...values.slice(by), ...values.slice(0, by)];
        };
        const straight = populationStabilityIndex(smoothedShares(left), smoothedShares(right));
        const turned = populationStabilityIndex(smoothedShares(rotate(left)), smoothedShares(rotate(right)));
        assert.ok(agree(straight, turned, 1e-12));
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });
});
