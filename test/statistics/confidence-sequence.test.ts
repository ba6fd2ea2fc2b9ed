import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  rateConfidenceSequence,
  sequenceExcludesAbove,
  sequenceExcludesBelow,
} from '../../src/statistics/confidence-sequence.js';
import { assertPrinted, referenceSource } from '../support/assert-printed.js';

describe('confidence sequence of a rate', () => {
  // Beta-binomial mixture with a = 0.5, b = 49.5 (Robbins 1970; Howard et al. 2021) at 95 %. The last four are
  // slow requests of 1,800 above the bounds 100, 200, 250 and 500 ms.
  for (const [events, trials, lower, upper] of [
    [0, 600, '0', '0.00711652361353'],
    [3, 1000, '0.000286493191185', '0.0112730226613'],
    [12, 600, '0.00696082746777', '0.0433398818433'],
    [30, 3000, '0.00521828359837', '0.0170366540748'],
    [60, 1800, '0.0206038725', '0.0502638294'],
    [21, 1800, '0.0053534460', '0.0215951467'],
    [15, 1800, '0.0032959196', '0.0168871125'],
    [3, 1800, '0.0001467164', '0.0064391889'],
  ] as const) {
    it(`golden ends for ${events} events in ${trials} trials: ${referenceSource}`, () => {
      const [low, high] = rateConfidenceSequence(events, trials);
      assertPrinted(low, lower, 'lower end');
      assertPrinted(high, upper, 'upper end');
    });
  }

  it('knows nothing without trials and includes 0 and 1 where nothing speaks against them', () => {
    assert.deepEqual(rateConfidenceSequence(0, 0), [0, 1]);
    assert.equal(rateConfidenceSequence(0, 50)[0], 0);
    assert.equal(rateConfidenceSequence(50, 50)[1], 1);
  });

  it('contains the estimate, and excludes exactly the rates beyond its ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.0005, max: 0.9995, noNaN: true }),
        (trials, share, rate) => {
          const events = Math.round(trials * share);
          const [low, high] = rateConfidenceSequence(events, trials);
          assert.ok(low <= events / trials && events / trials <= high);
          if (Math.abs(rate - low) < 1e-9 || Math.abs(rate - high) < 1e-9) return;
          assert.equal(sequenceExcludesBelow(events, trials, rate), rate < low);
          assert.equal(sequenceExcludesAbove(events, trials, rate), rate > high);
        },
      ),
      { seed: 20260105, numRuns: 300 },
    );
  });

  it('gets wider with more confidence', () => {
    const [low95, high95] = rateConfidenceSequence(12, 600);
    const [low99, high99] = rateConfidenceSequence(12, 600, 0.01);
    assert.ok(low99 < low95 && high99 > high95);
  });
});
