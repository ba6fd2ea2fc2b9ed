import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binomialEvidence, binomialLogLikelihoodRatio } from '../../src/statistics/binomial-evidence.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

/** The grids of the default error limits: 0.5 % good, 1 % bad. */
const above = [1, 1.5, 2.5, 5, 15, 50].map((factor) => 0.01 * factor);
const below = [1, 0.6, 0.3, 0.05].map((factor) => 0.005 * factor);

describe('binomial evidence', () => {
  // Even mixtures of likelihood ratios: Robbins 1970, Howard et al. 2021.
  for (const [events, trials, rollback, promote] of [
    [0, 600, '-4.76751731197', '5.03679549677'],
    [3, 1000, '-4.71355395619', '2.81215424971'],
    [12, 600, '6.28116198112', '-6.73476929858'],
    [30, 3000, '4.09534043969', '-7.21837549097'],
  ] as const) {
    it(`golden values of ${events} errors in ${trials} requests: ${referenceSource}`, () => {
      assertPrinted(binomialEvidence(events, trials, 0.005, above), rollback, 'rollback');
      assertPrinted(binomialEvidence(events, trials, 0.01, below), promote, 'promote');
    });
  }

  it('promotes a canary without errors at 369 requests for 95 %, not before', () => {
    const needed = Math.log(20);
    assert.ok(binomialEvidence(0, 368, 0.01, below) < needed);
    assert.ok(binomialEvidence(0, 369, 0.01, below) >= needed);
  });

  it('is an e-value: its mean under the null is 1', () => {
    // Exact expectation over the binomial distribution with 40 trials at the null itself.
    let mean = 0;
    for (let events = 0; events <= 40; events++) {
      mean += binomialProbability(events, 40, 0.01) * Math.exp(binomialEvidence(events, 40, 0.01, above));
    }
    assert.ok(agree(mean, 1, 1e-9), `got ${mean}`);
  });

  it('adds up: how the looks are cut does not matter', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(500), fc.nat(50), fc.nat(500), (e1, ok1, e2, ok2) => {
        const ratio = (events: number, trials: number) =>
          binomialLogLikelihoodRatio(events, trials, 0.005, 0.02);
        assert.ok(
          agree(ratio(e1, e1 + ok1) + ratio(e2, e2 + ok2), ratio(e1 + e2, e1 + e2 + ok1 + ok2), 1e-12),
        );
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });

  it('rises with every error for rollback, falls for promote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (trials, seed) => {
        const events = seed % trials;
        assert.ok(
          binomialEvidence(events + 1, trials, 0.005, above) > binomialEvidence(events, trials, 0.005, above),
        );
        assert.ok(
          binomialEvidence(events + 1, trials, 0.01, below) < binomialEvidence(events, trials, 0.01, below),
        );
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });

  it('takes fractions, and says nothing without trials', () => {
    assert.equal(binomialEvidence(0, 0, 0.01, above), 0);
    assert.ok(Number.isFinite(binomialEvidence(1.5, 99.25, 0.01, above)));
  });
});

function binomialProbability(events: number, trials: number, rate: number): number {
  let coefficient = 1;
  for (let i = 0; i < events; i++) coefficient *= (trials - i) / (i + 1);
  return coefficient * rate ** events * (1 - rate) ** (trials - events);
}
