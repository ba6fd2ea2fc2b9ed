import assert from 'node:assert/strict';
import { randomBinomial } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { evenPredictions, movedPredictions, rollout, times, type LookRates } from '../../support/rollouts.js';

const policy = written({
  guardrails: [{ name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 }],
});

type Head = Parameters<typeof rollout>[1];
const found = (looks: readonly LookRates[], head: Head = {}) =>
  guardrailOf(judge(policy, rollout(looks, head)), 'drift');
const dispersionOf = (looks: readonly LookRates[], head: Head = {}) => {
  const { dispersion, dispersionBefore, dispersionOfDifference, independenceChecked } = found(
    looks,
    head,
  ).details;
  return { dispersion, dispersionBefore, dispersionOfDifference, independenceChecked };
};

/** Predictions that swing from look to look, as with the hour of the day. */
const swing = (i: number): readonly number[] =>
  i % 2 === 0 ? [0.3, 0.25, 0.25, 0.2] : [0.2, 0.25, 0.25, 0.3];
const calmBefore = (count: number) => times(count).map(() => ({}));
const swingingBefore = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ predictions: swing(i) }));
/** Both versions swing together. */
const together = (count: number): readonly LookRates[] =>
  Array.from({ length: count }, (_, i) => ({
    canary: { predictions: swing(i) },
    stable: { predictions: swing(i) },
  }));
/** The canary swings alone: clumps, since one session makes many near-identical predictions. */
const alone = (count: number): readonly LookRates[] =>
  Array.from({ length: count }, (_, i) => ({ canary: { predictions: swing(i) } }));
/** So much of the predictions swings, the rest is as given. */
const partly = (i: number, rest: readonly number[]): readonly number[] =>
  swing(i).map((share, j) => 0.5 * share + 0.5 * (rest[j] ?? 0));
/** Both swing, and the canary has drifted besides. */
const drifted = (count: number): readonly LookRates[] =>
  Array.from({ length: count }, (_, i) => ({
    canary: { predictions: partly(i, [0, 0, 0.2, 0.8]) },
    stable: { predictions: partly(i, evenPredictions) },
  }));

describe('dispersion of predictions', () => {
  it('is not known from fewer than ten pairs of looks, and the verdict says so', () => {
    const few = found(times(12));
    assert.equal(few.details['independenceChecked'], false);
    assert.equal(few.details['dispersion'], 1);
    assert.match(few.reason, /independence of predictions not checked/);
    // Two looks of warm-up, then eleven: ten pairs.
    const enough = found(times(13));
    assert.equal(enough.details['independenceChecked'], true);
    assert.equal(enough.details['dispersionOfDifference'], 1);
    assert.doesNotMatch(enough.reason, /not checked/);
    assert.equal(found(times(6), { before: calmBefore(10) }).details['independenceChecked'], false);
    assert.equal(found(times(6), { before: calmBefore(11) }).details['independenceChecked'], true);
  });

  it('of what both versions go through is none', () => {
    const { dispersion, dispersionBefore, dispersionOfDifference } = dispersionOf(together(20), {
      before: swingingBefore(12),
    });
    assert.ok((dispersionBefore as number) > 50);
    assert.equal(dispersionOfDifference, 1);
    assert.equal(dispersion, 1);
  });

  it('of what the canary does alone counts', () => {
    const { dispersion, dispersionOfDifference } = dispersionOf(alone(20));
    assert.ok((dispersionOfDifference as number) > 5);
    assert.equal(dispersion, dispersionOfDifference);
  });

  it('stays that of before while nothing else is known', () => {
    const { dispersion, dispersionBefore, dispersionOfDifference } = dispersionOf(together(8), {
      before: swingingBefore(12),
    });
    assert.equal(dispersionOfDifference, null);
    assert.equal(dispersion, dispersionBefore);
  });

  it('of a drift that stays where it is, is none', () => {
    const constant = times(20, { canary: { predictions: movedPredictions } });
    assert.equal(dispersionOf(constant).dispersionOfDifference, 1);
  });

  it('of a drift that begins once is lost among the looks before and after', () => {
    const later = [...times(12), ...times(60, { canary: { predictions: movedPredictions } })];
    assert.ok((dispersionOf(later).dispersionOfDifference as number) < 2);
    assert.equal(found(later).verdict, 'rollback');
  });

  it('no longer hides a drifted canary behind the movement of the day', () => {
    const before = Array.from({ length: 12 }, (_, i) => ({ predictions: partly(i, evenPredictions) }));
    const early = found(drifted(12), { before });
    const known = found(drifted(13), { before });
    assert.ok((early.details['dispersion'] as number) > 20);
    assert.ok((known.details['dispersion'] as number) < 2);
    assert.ok((known.evidence.rollback ?? 0) > 3 * (early.evidence.rollback ?? Infinity));
    assert.equal(known.verdict, 'rollback');
  });

  it('leaves warm-up looks out', () => {
    const warm: LookRates = { canary: { predictions: [0, 0, 0, 1] } };
    assert.equal(dispersionOf([warm, warm, ...times(20)]).dispersionOfDifference, 1);
    assert.ok((dispersionOf([...times(2), warm, ...times(20)]).dispersionOfDifference as number) > 1);
  });

  it('leaves looks out in which one of both has no predictions', () => {
    const gap: LookRates = { canary: { predictions: undefined } };
    const looks = [...times(8), gap, ...times(8), { stable: { predictions: undefined } }, ...times(8)];
    assert.equal(dispersionOf(looks).dispersionOfDifference, 1);
    assert.equal(found(looks).verdict, 'promote');
  });

  it('does not depend on how large a look is', () => {
    const sized = (requests: number) =>
      dispersionOf(
        Array.from({ length: 20 }, (_, i): LookRates => {
          const canary = { requests, predictions: swing(i) };
          return { canary, stable: { requests: 9 * requests } };
        }),
      ).dispersionOfDifference as number;
    // Twice as many predictions in the same clumps vary twice as much more than independent ones.
    assert.ok(Math.abs(sized(2000) / sized(1000) - 2) < 1e-9);
  });

  describe('of drawn predictions', () => {
    /** Multinomial counts as shares of `count` predictions; in clumps of `size` alike. */
    function drawn(seed: number, looks: number, size: number): readonly LookRates[] {
      const generator = xoroshiro128plus(seed);
      const binomial = randomBinomial.source(() => uniformFloat64(generator));
      const shares = (requests: number) => {
        let left = requests / size;
        return [0.25, 1 / 3, 0.5, 1].map((chance) => {
          const count = chance === 1 ? left : binomial(left, chance)();
          left -= count;
          return (count * size) / requests;
        });
      };
      return Array.from({ length: looks }, () => ({
        canary: { requests: 1000, predictions: shares(1000) },
        stable: { requests: 9000, predictions: shares(9000) },
      }));
    }

    it('is near 1 where they are independent, and then taken as 1', () => {
      for (let seed = 1; seed <= 10; seed++) {
        const { dispersion, dispersionOfDifference } = dispersionOf(drawn(seed, 40, 1));
        assert.ok(
          (dispersionOfDifference as number) < 1.5,
          `seed ${seed}: ${String(dispersionOfDifference)}`,
        );
        assert.equal(dispersion, 1);
      }
    });

    it('is about the size of a clump', () => {
      const figures = Array.from(
        { length: 10 },
        (_, i) => dispersionOf(drawn(100 + i, 40, 5)).dispersionOfDifference as number,
      );
      const mean = figures.reduce((a, b) => a + b, 0) / figures.length;
      assert.ok(mean > 4 && mean < 6, figures.join(', '));
    });

    it('never rolls healthy clumps back, where an hour of them is read look by look', () => {
      for (let seed = 1; seed <= 3; seed++) {
        const looks = drawn(seed, 30, 5);
        for (let count = 3; count <= looks.length; count++) {
          assert.notEqual(found(looks.slice(0, count)).verdict, 'rollback', `seed ${seed}, look ${count}`);
        }
      }
    });
  });
});
