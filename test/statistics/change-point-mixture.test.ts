import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binomialEvidence, binomialLogLikelihoodRatio } from '../../src/statistics/binomial-evidence.js';
import {
  bestStart,
  bestWindow,
  changePoint,
  changePointEvidence,
  changePointEvidenceAfter,
  changePointOfSteps,
  startPrior,
  type MixtureSettings,
  type TailCounts,
} from '../../src/statistics/change-point-mixture.js';
import { ratioLogLikelihoodRatio } from '../../src/statistics/rate-ratio.js';
import { agree, assertPrinted, referenceSource } from '../support/assert-printed.js';

const alternatives = [1, 1.5, 2.5, 5, 15, 50].map((factor) => 0.01 * factor);
const settings: MixtureSettings = { nullRate: 0.005, alternatives, horizonLooks: 240, dispersion: 1 };
const looksOf = (...events: readonly number[]): readonly TailCounts[] =>
  events.map((count) => ({ events: count, trials: 150 }));
const evidence = (looks: readonly TailCounts[], of: MixtureSettings = settings) =>
  changePointEvidence(changePoint(looks, of));

describe('change-point mixture', () => {
  // A mixture over the look at which the fault begins (compare e-detectors: Shin, Ramdas and Rinaldo): 0, 1, 3 and
  // 6 errors in looks of 150 requests, a horizon of 240 looks.
  const golden = ['-0.577144507946', '-0.600253721952', '-0.319185245049', '3.29406041857'];
  golden.forEach((printed, index) => {
    it(`golden value after look ${index + 1}: ${referenceSource}`, () => {
      assertPrinted(evidence(looksOf(0, 1, 3, 6).slice(0, index + 1)), printed);
    });
  });

  it('golden value of the same counts without a change point', () => {
    assertPrinted(binomialEvidence(10, 600, 0.005, alternatives), '3.79185161793');
  });

  it('begins at even odds, and spends all of its prior within the horizon', () => {
    assert.equal(changePointEvidence(changePoint([], settings)), 0);
    let spent = 0;
    for (let position = 1; position <= 300; position++) spent += startPrior(position, 240);
    assert.ok(agree(spent, 1, 1e-12));
    assert.equal(startPrior(1, 240), 0.5);
    assert.equal(startPrior(241, 240), 0);
    assert.equal(startPrior(2, 1), 0);
  });

  const series = fc.array(fc.record({ events: fc.nat(30), extra: fc.nat(300) }), {
    minLength: 1,
    maxLength: 30,
  });
  const counts = (looks: readonly { events: number; extra: number }[]): readonly TailCounts[] =>
    looks.map(({ events, extra }) => ({ events, trials: events + extra }));

  it('equals the sum over all starts, written out', () => {
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (drawn, horizonLooks, dispersion) => {
          const looks = counts(drawn);
          const of = { ...settings, horizonLooks, dispersion };
          let value = 1;
          looks.forEach((_, index) => {
            const prior = startPrior(index + 1, horizonLooks);
            const tail = looks.slice(index);
            const ratios = alternatives.map((alternative) =>
              tail.reduce((total, look) => total + ratioOf(look, alternative), 0),
            );
            value -= prior;
            value +=
              (prior * ratios.reduce((total, ratio) => total + Math.exp(ratio / dispersion), 0)) /
              alternatives.length;
          });
          assert.ok(agree(evidence(looks, of), Math.log(value), 1e-9));
        },
      ),
      { seed: 20260105, numRuns: 200 },
    );
  });

  it('finds the best window, the latest of equal starts and the first of equal alternatives', () => {
    fc.assert(
      fc.property(series, (drawn) => {
        const looks = counts(drawn);
        const found = bestWindow(changePoint(looks, settings), settings);
        let best = -Infinity;
        alternatives.forEach((alternative) => {
          looks.forEach((_, index) => {
            const ratio = looks.slice(index).reduce((total, look) => total + ratioOf(look, alternative), 0);
            best = Math.max(best, ratio);
          });
        });
        assert.ok(agree(found.logRatio, best, 1e-9));
        const own = looks
          .slice(found.start - 1)
          .reduce((total, look) => total + ratioOf(look, found.alternative), 0);
        assert.ok(agree(own, best, 1e-9));
      }),
      { seed: 20260105, numRuns: 200 },
    );
    const quiet = [...looksOf(6, 0), { events: 0, trials: 0 }];
    assert.equal(bestWindow(changePoint(quiet, settings), settings).start, 1);
    const tie = [{ events: 0, trials: 100 }, { events: 0, trials: 0 }, ...looksOf(6)];
    assert.equal(bestWindow(changePoint(tie, settings), settings).start, 3);
  });

  it('does not exceed the larger of 0 and the plain mixture when it is tempered', () => {
    fc.assert(
      fc.property(series, fc.double({ min: 1, max: 20, noNaN: true }), (drawn, dispersion) => {
        const looks = counts(drawn);
        assert.ok(evidence(looks, { ...settings, dispersion }) <= Math.max(0, evidence(looks)) + 1e-9);
      }),
      { seed: 20260105, numRuns: 200 },
    );
  });

  it('reaches beyond any double without overflowing', () => {
    assert.ok(Number.isFinite(evidence([{ events: 1e9, trials: 2e9 }])));
  });
});

describe('change-point mixture of likelihood ratios of another kind', () => {
  // Errors of 150 canary and 2,850 stable requests a look: is their ratio at most 1.25, or 2 and more?
  const stable = [3, 5, 4, 6];
  const steps = [2, 3, 5, 10, 30].map((factor) =>
    [0, 2, 5, 6].map((canaryEvents, index) =>
      ratioLogLikelihoodRatio(
        { canaryTrials: 150, canaryEvents, stableTrials: 2850, stableEvents: stable[index] ?? 0 },
        factor,
        1.25,
      ),
    ),
  );
  const start = { horizonLooks: 240, dispersion: 1 };

  ['-0.262896981557', '0.34467043896', '5.81216109448', '13.7893823048'].forEach((printed, index) => {
    it(`golden value after look ${index + 1}: ${referenceSource}`, () => {
      const until = steps.map((ratios) => ratios.slice(0, index + 1));
      assertPrinted(changePointEvidence(changePointOfSteps(until, index + 1, start)), printed);
    });
  });

  it('golden values of the best window, and of the evidence divided by a dispersion', () => {
    const best = bestStart(changePointOfSteps(steps, 4, start));
    assert.deepEqual([best.start, best.index], [2, 3]);
    assertPrinted(best.logRatio, '16.9767910217');
    const tempered = changePointOfSteps(steps, 4, { ...start, dispersion: 1.6 });
    assertPrinted(changePointEvidence(tempered), '8.01862860797');
  });

  it('is the binomial mixture when it is given its ratios', () => {
    const looks = looksOf(0, 1, 3, 6);
    const ratios = alternatives.map((alternative) => looks.map((look) => ratioOf(look, alternative)));
    assert.ok(agree(changePointEvidence(changePointOfSteps(ratios, 4, start)), evidence(looks), 1e-12));
  });

  it('reckons with looks that are all alike as if they were added one by one', () => {
    const step = fc.double({ min: -3, max: 3, noNaN: true });
    const horizon = fc.integer({ min: 2, max: 12 });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 2 }),
        fc.array(fc.tuple(step, step), { minLength: 1, maxLength: 6 }),
        fc.nat(15),
        horizon,
        fc.double({ min: 1, max: 4, noNaN: true }),
        (added, past, count, horizonLooks, dispersion) => {
          const of = { horizonLooks, dispersion };
          const before = [past.map(([first]) => first), past.map(([, second]) => second)];
          const after = before.map((ratios, index) => [
            ...ratios,
            ...new Array<number>(count).fill(added[index] ?? 0),
          ]);
          const one = changePointOfSteps(before, past.length, of);
          const all = changePointOfSteps(after, past.length + count, of);
          assert.ok(
            agree(changePointEvidenceAfter(one, added, count, of), changePointEvidence(all), 1e-8),
            'added at once and one by one differ',
          );
        },
      ),
      { seed: 20260105, numRuns: 300 },
    );
  });
});

function ratioOf(look: TailCounts, alternative: number): number {
  return binomialLogLikelihoodRatio(look.events, look.trials, settings.nullRate, alternative);
}
