import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binomialQuantile, quickBinomialQuantile } from '../../src/statistics/binomial-quantile.js';
import { normalQuantile } from '../../src/statistics/normal-distribution.js';
import { closeTo } from '../support/close-to.js';

const source = 'scipy 1.17.1: brentq of special.betainc(n - x + 0.5, x + 0.5, 1 - p) - probability';

/** Probability, trials, rate, quantile; trials need not be whole. */
const golden = [
  [0.05, 150, 0.02, 0.5178566810223965],
  [0.95, 1061, 0.003, 6.344320556606766],
  [0.95, 369, 0.001, 1.5329688233042105],
  [0.05, 2036, 0.015, 21.814274602269347],
  [0.5, 1000, 0.005, 4.831048366368468],
  [0.95, 1234.5, 0.0007, 2.589144857114217],
  [0.05, 100, 0.02, 0.04283666053389909],
  [0.95, 1e6, 0.003, 3090.237710540275],
  [0.05, 50, 0.5, 19.20100164268304],
  [0.95, 1.5e7, 0.0002, 3090.3655254710234],
] as const;

describe('binomial quantile', () => {
  for (const [probability, trials, rate, expected] of golden) {
    it(`is ${expected} for ${probability}, ${trials} and ${rate} (${source})`, () => {
      closeTo(binomialQuantile(probability, trials, rate), expected, 1e-11);
    });
  }

  it('lies within a half of where the whole quantile steps', () => {
    // scipy.stats.binom.ppf of the golden arguments with whole trials.
    const whole = [1, 6, 2, 22, 5, undefined, 0, 3090, 19, 3090];
    golden.forEach(([probability, trials, rate], i) => {
      const steps = whole[i];
      if (steps === undefined) return;
      assert.ok(Math.abs(binomialQuantile(probability, trials, rate) - steps) <= 0.5 + 1e-9);
    });
  });

  it('is 0 without trials or rate, and all trials where every one is an event', () => {
    assert.equal(binomialQuantile(0.95, 0, 0.5), 0);
    assert.equal(binomialQuantile(0.95, 100, 0), 0);
    assert.equal(binomialQuantile(0.05, 100, 1), 100);
    assert.equal(binomialQuantile(0.05, 10, 0.001), 0);
    assert.equal(binomialQuantile(0.95, 10, 0.999), 10);
  });

  it('rises with probability, trials and rate, and counts non-events alike', () => {
    const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const trials = fc.double({ min: 1, max: 1e5, noNaN: true });
    const rate = fc.double({ min: 1e-4, max: 0.9999, noNaN: true });
    fc.assert(
      fc.property(probability, trials, rate, (p, n, r) => {
        const x = binomialQuantile(p, n, r);
        assert.ok(x >= 0 && x <= n);
        assert.ok(binomialQuantile(Math.min(0.995, p * 1.05), n, r) >= x - 1e-9);
        assert.ok(binomialQuantile(p, n * 1.1, r) >= x - 1e-9);
        assert.ok(binomialQuantile(p, n, Math.min(0.99995, r * 1.1)) >= x - 1e-9);
        closeTo(n - binomialQuantile(1 - p, n, 1 - r), x, 1e-6, 1e-6 * n);
      }),
      { numRuns: 200 },
    );
  });

  it('is quickly known to a few hundredths of an event', () => {
    for (const [probability, trials, rate] of golden) {
      const quick = quickBinomialQuantile(normalQuantile(probability), trials, rate);
      assert.ok(Math.abs(quick - binomialQuantile(probability, trials, rate)) < 0.05, String(quick));
    }
    // Of many events that nearly all happen, the few that do not are what counts.
    const common = quickBinomialQuantile(normalQuantile(0.05), 1e8, 0.999);
    closeTo(common, binomialQuantile(0.05, 1e8, 0.999), 0, 0.5);
    assert.equal(quickBinomialQuantile(1.645, 0, 0.5), 0);
    assert.equal(quickBinomialQuantile(1.645, 10, 0), 0);
    assert.equal(quickBinomialQuantile(1.645, 10, 1), 10);
  });
});
