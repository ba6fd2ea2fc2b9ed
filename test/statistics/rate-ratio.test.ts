import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PairedTailCounts } from '../../src/statistics/blame-evidence.js';
import { pairedDispersion, rateRatio, ratioLogLikelihoodRatio } from '../../src/statistics/rate-ratio.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

const look = (canaryTrials: number, canaryEvents: number, stableTrials: number, stableEvents: number) =>
  ({ canaryTrials, canaryEvents, stableTrials, stableEvents }) satisfies PairedTailCounts;

const strata = [look(100, 3, 900, 9), look(120, 5, 1080, 20), look(80, 0, 720, 4), look(400, 14, 600, 10)];

describe('ratio of two rates', () => {
  it(`golden values of four looks, Mantel and Haenszel, Greenland and Robins: ${referenceSource}`, () => {
    const found = rateRatio(strata);
    assertPrinted(found?.ratio ?? NaN, '2.13698630137');
    assertPrinted(found?.interval?.[0] ?? NaN, '1.22423420885', 'low');
    assertPrinted(found?.interval?.[1] ?? NaN, '3.73025881748', 'high');
  });

  it('of one look is the plain ratio, with the interval of a relative risk', () => {
    const found = rateRatio([look(400, 14, 600, 10)]);
    assertPrinted(found?.ratio ?? NaN, '2.1');
    assertPrinted(found?.interval?.[0] ?? NaN, '0.942087708345', 'low');
    assertPrinted(found?.interval?.[1] ?? NaN, '4.6810928122', 'high');
  });

  it('takes nothing from looks that only one arm has', () => {
    const alone = [look(500, 40, 0, 0), look(0, 0, 500, 3), look(0, 0, 0, 0)];
    assert.deepEqual(rateRatio([...strata, ...alone]), rateRatio(strata));
    assert.equal(rateRatio(alone), undefined);
  });

  it('is 0 or infinite, without an interval, where one arm has no event, and unknown where neither has', () => {
    const unknown = { logStandardError: undefined, interval: undefined };
    assert.deepEqual(rateRatio([look(100, 0, 900, 5)]), { ratio: 0, ...unknown });
    assert.deepEqual(rateRatio([look(100, 5, 900, 0)]), { ratio: Infinity, ...unknown });
    assert.equal(rateRatio([look(100, 0, 900, 0)]), undefined);
    assert.equal(rateRatio([]), undefined);
  });

  it('is not moved by a rate that moves for both arms, nor by the weight', () => {
    const rates = [0.01, 0.3, 0.02, 0.11];
    const weights = [0.05, 0.05, 0.5, 0.25];
    const looks = rates.map((rate, index) => {
      const [canary, stable] = [1e4 * (weights[index] ?? 0), 1e4 * (1 - (weights[index] ?? 0))];
      return look(canary, 2.5 * rate * canary, stable, rate * stable);
    });
    assert.ok(agree(rateRatio(looks)?.ratio ?? NaN, 2.5, 1e-12));
  });

  it('is the reciprocal where the arms change places', () => {
    const swapped = strata.map((one) =>
      look(one.stableTrials, one.stableEvents, one.canaryTrials, one.canaryEvents),
    );
    const [there, back] = [rateRatio(strata), rateRatio(swapped)];
    assert.ok(agree((there?.ratio ?? NaN) * (back?.ratio ?? NaN), 1, 1e-12));
    assert.ok(agree((there?.interval?.[0] ?? NaN) * (back?.interval?.[1] ?? NaN), 1, 1e-12));
  });
});

describe("likelihood of the canary's part of the events", () => {
  it('is a fair bet against every null ratio, for independent requests at any rate', () => {
    // The mean of the likelihood ratio of one look over two binomial arms, by their generating functions.
    const logMean = (
      n: number,
      share: number,
      factor: number,
      nullFactor: number,
      rate: number,
      ratio: number,
    ) => {
      const [canary, stable] = [n * share, n * (1 - share)];
      const perEvent = (canaryEvents: number, stableEvents: number) =>
        Math.exp(
          ratioLogLikelihoodRatio(look(canary, canaryEvents, stable, stableEvents), factor, nullFactor),
        );
      return (
        canary * Math.log1p(ratio * rate * (perEvent(1, 0) - 1)) +
        stable * Math.log1p(rate * (perEvent(0, 1) - 1))
      );
    };
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        between(0.01, 0.99),
        between(0.2, 20),
        between(0.2, 3),
        between(1e-6, 0.3),
        between(0, 1),
        (share, factor, nullFactor, rate, deeper) => {
          const bound = 1e-9;
          assert.ok(logMean(1000, share, factor, nullFactor, rate, nullFactor) <= bound);
          // Deeper inside the null, on the side away from the alternative.
          const ratio = factor > nullFactor ? nullFactor * deeper : nullFactor * (1 + 0.1 * deeper);
          assert.ok(logMean(1000, share, factor, nullFactor, rate, ratio) <= bound);
        },
      ),
      { seed: 20260105, numRuns: 2000 },
    );
  });

  it(`golden values: ${referenceSource}`, () => {
    assertPrinted(ratioLogLikelihoodRatio(look(100, 6, 900, 14), 2, 1.25), '1.4076704312');
    assertPrinted(ratioLogLikelihoodRatio(look(100, 6, 900, 14), 1, 2), '-2.25267948727');
    assertPrinted(ratioLogLikelihoodRatio(look(400, 14, 600, 10), 5, 0.8), '0.722707197281');
  });

  it('says nothing where one arm has no trials, or where nothing happened', () => {
    for (const one of [look(0, 0, 900, 7), look(100, 7, 0, 0), look(0, 0, 0, 0), look(100, 0, 900, 0)]) {
      assert.ok(Math.abs(ratioLogLikelihoodRatio(one, 2, 1.25)) < 1e-12);
    }
  });

  it('is a likelihood ratio: from one factor to another and on to a third', () => {
    const factor = fc.double({ min: 0.05, max: 40, noNaN: true });
    const counts = fc.record({ n: fc.integer({ min: 1, max: 500 }), m: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(counts, fc.nat(500), fc.nat(5000), factor, factor, factor, ({ n, m }, e, f, a, b, c) => {
        const one = look(n, Math.min(e, n), m, Math.min(f, m));
        const direct = ratioLogLikelihoodRatio(one, a, c);
        const through = ratioLogLikelihoodRatio(one, a, b) + ratioLogLikelihoodRatio(one, b, c);
        assert.ok(agree(direct, through, 1e-9));
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });
});

describe("dispersion of the canary's events given those of both arms", () => {
  const stable = [60, 55, 70, 62, 58, 66, 61, 57, 64, 59];
  const looks = [1, 9, 2, 12, 0, 7, 3, 15, 1, 10].map((events, index) =>
    look(300, events, 2700, stable[index] ?? 0),
  );

  it(`golden value of ten looks: ${referenceSource}`, () => {
    assertPrinted(pairedDispersion(looks) ?? NaN, '4.547398055');
  });

  it('is unknown with fewer than ten looks with an event and trials of both arms', () => {
    const quiet = [look(300, 0, 2700, 0), look(300, 9, 0, 0), look(0, 0, 2700, 60)];
    assert.equal(pairedDispersion([...looks.slice(1), ...quiet]), undefined);
    assert.ok(agree(pairedDispersion([...looks, ...quiet]) ?? NaN, pairedDispersion(looks) ?? NaN, 1e-12));
  });

  it('does not count what both arms go through', () => {
    const together = [1, 8, 1, 20, 2, 1, 30, 1, 5, 1, 12, 3].map((burst) =>
      look(300, 6 * burst, 2700, 54 * burst),
    );
    assert.ok((pairedDispersion(together) ?? NaN) <= 1);
  });

  it('does not count a ratio that stays as it is', () => {
    const worse = Array.from({ length: 12 }, () => look(300, 30, 2700, 27));
    assert.ok((pairedDispersion(worse) ?? NaN) <= 1);
  });
});
