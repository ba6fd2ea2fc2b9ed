import assert from 'node:assert/strict';
import { judge, parsePolicy } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { evenPredictions, movedPredictions, rollout, times, type LookRates } from '../../support/rollouts.js';
import { errorsOf } from '../../support/value-of.js';

const guardrail = (settings: Readonly<Record<string, unknown>>) => ({
  name: 'drift',
  kind: 'prediction-drift',
  promoteBelow: 0.1,
  rollbackAbove: 0.2,
  ...settings,
});

type Head = Parameters<typeof rollout>[1];
function found(
  looks: readonly LookRates[],
  reference: unknown,
  { head = {}, ...settings }: Readonly<Record<string, unknown>> & { readonly head?: Head } = {},
) {
  const policy = written({ guardrails: [guardrail({ reference, ...settings })] });
  return guardrailOf(judge(policy, rollout(looks, head)), 'drift');
}

const edges = [0.25, 0.5, 0.75];
const even = { edges, counts: [2500, 2500, 2500, 2500] };
const moved: LookRates = { canary: { predictions: movedPredictions } };
const bothMoved: LookRates = { ...moved, stable: { predictions: movedPredictions } };

/** Smoothed shares: half an observation in every bin. */
const smoothed = (counts: readonly number[]) => {
  const total = counts.reduce((a, b) => a + b, 0) + counts.length / 2;
  return counts.map((count) => (count + 0.5) / total);
};

describe('prediction drift from a fixed reference', () => {
  it('is the PSI of smoothed shares, less the chance of the canary alone', () => {
    const { details, estimate, samples } = found(times(10, moved), even);
    const q = smoothed(even.counts);
    const psi = smoothed(movedPredictions.map((share) => share * 8000))
      .map((p, j) => (p - (q[j] ?? 0)) * Math.log(p / (q[j] ?? 0)))
      .reduce((a, b) => a + b, 0);
    assert.ok(Math.abs((details['psi'] as number) - psi) < 1e-12);
    // c = 1 / N: a correction of (B - 1) / N.
    assert.ok(Math.abs((estimate ?? NaN) - (psi - 3 / 8000)) < 1e-12);
    assert.equal(details['samplingScale'], 1 / 8000);
    assert.deepEqual(samples, { canary: 8000, stable: 72_000 });
  });

  it('promotes what is like it and rolls back what is not', () => {
    assert.equal(found(times(10), even).verdict, 'promote');
    const worse = found(times(10, moved), even);
    assert.equal(worse.verdict, 'rollback');
    assert.match(
      worse.reason,
      /^The canary's predictions differ from the fixed reference by a PSI of 0\.3\d* /,
    );
  });

  it('takes a change of the traffic itself for drift, and tells that stable has it too', () => {
    const both = found(times(10, bothMoved), even);
    assert.equal(both.verdict, 'rollback');
    const own = both.details['stableAgainstReference'] as number;
    assert.ok(Math.abs(own - (both.estimate ?? NaN)) < 1e-3);
    const stillStable = found(times(10, moved), even);
    assert.equal(stillStable.details['stableAgainstReference'], 0);
    assert.equal(found(times(10, bothMoved), 'stable').verdict, 'promote');
  });

  it('judges without predictions of the stable version', () => {
    const alone = found(times(10, { ...moved, stable: { predictions: undefined } }), even);
    assert.equal(alone.verdict, 'rollback');
    assert.equal(alone.details['stableAgainstReference'], null);
    assert.equal(found(times(10, { ...moved, stable: null }), even).verdict, 'rollback');
    assert.equal(found(times(4, { canary: { predictions: undefined } }), even).reasonCode, 'canary-silent');
  });

  it('says nothing of the stable version where it is what the canary is compared with', () => {
    assert.equal('stableAgainstReference' in found(times(10), 'stable').details, false);
  });

  describe('given as shares', () => {
    it('counts as ten thousand predictions', () => {
      const shares = { edges, counts: [0.1, 0.2, 0.3, 0.4] };
      const counts = { edges, counts: [1000, 2000, 3000, 4000] };
      assert.deepEqual(found(times(10), shares), found(times(10), counts));
    });

    it('that were rounded are shares all the same, not a thousandth less than one prediction', () => {
      const skewed = { predictions: [0.7, 0.2, 0.051, 0.049] };
      const looks = times(10, { canary: skewed, stable: skewed });
      for (const counts of [
        [0.7, 0.2, 0.051, 0.049],
        [0.7, 0.2, 0.05, 0.049],
        [0.7, 0.2, 0.05, 0.055],
      ]) {
        const guardrail = found(looks, { edges, counts });
        assert.equal(guardrail.verdict, 'promote', `${counts.join(', ')}: ${guardrail.reason}`);
        assert.ok((guardrail.estimate ?? NaN) < 0.01);
      }
    });

    it('in percent is a hundred counts', () => {
      const percent = found(times(10), { edges, counts: [25, 25, 25, 25] });
      assert.equal(percent.verdict, 'promote');
    });
  });

  describe('on other edges', () => {
    it('compares on those that both have, and says how many', () => {
      const other = { edges: [0.1, 0.5, 0.75], counts: [1000, 4000, 2500, 2500] };
      const guardrail = found(times(10), other);
      assert.equal(guardrail.verdict, 'promote');
      assert.deepEqual(guardrail.details['bins'], ['(-inf, 0.5]', '(0.5, 0.75]', '(0.75, inf)']);
      assert.match(guardrail.reason, /compared on the 2 of 3 edges that the reference and the counts share/);
    });

    it('takes edges that differ in the last bits for the same', () => {
      const nearly = { edges: [0.25 + 1e-15, 0.5, 0.75], counts: even.counts };
      assert.deepEqual((found(times(10), nearly).details['bins'] as readonly string[]).length, 4);
    });

    it('holds for good where they have none in common, and says so', () => {
      const guardrail = found(times(10), { edges: [0.3, 0.6], counts: [3, 3, 4] });
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'buckets-too-coarse']);
      assert.match(guardrail.reason, /no bins, or too few, in common with the fixed reference/);
      assert.equal(guardrail.etaSeconds, null);
    });

    it('holds where one has scores and the other labels', () => {
      const guardrail = found(times(10), { labels: ['cat', 'dog'], counts: [3, 3, 4] });
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'buckets-too-coarse']);
    });
  });

  it('merges bins on the counts of the reference, whatever the canary has', () => {
    const skewed = { edges, counts: [6000, 2000, 1000, 1000] };
    const bins = (look: LookRates) => found(times(10, look), skewed, { bins: 2 }).details['bins'];
    assert.deepEqual(bins({}), ['(-inf, 0.25]', '(0.25, inf)']);
    assert.deepEqual(bins(moved), bins({}));
  });

  it('leaves out bins that neither has, and keeps one that only the reference has', () => {
    const none: LookRates = {
      canary: { predictions: [0.5, 0.5, 0, 0] },
      stable: { predictions: [0.5, 0.5, 0, 0] },
    };
    const bins = (counts: readonly number[]) => found(times(10, none), { edges, counts }).details['bins'];
    assert.equal((bins([500, 500, 0, 0]) as readonly string[]).length, 2);
    assert.equal((bins([500, 400, 0, 100]) as readonly string[]).length, 3);
  });

  it('does not take dispersion from the difference of the arms: shared movement is drift here', () => {
    const swinging = Array.from({ length: 20 }, (_, i): LookRates => {
      const predictions = i % 2 === 0 ? [0.35, 0.25, 0.25, 0.15] : [0.15, 0.25, 0.25, 0.35];
      return { canary: { predictions }, stable: { predictions } };
    });
    const fixed = found(swinging, even);
    assert.equal(fixed.details['dispersionOfDifference'], null);
    assert.match(fixed.reason, /independence of predictions not checked/);
    const before = Array.from({ length: 12 }, (_, i) => ({
      predictions: i % 2 === 0 ? [0.35, 0.25, 0.25, 0.15] : [0.15, 0.25, 0.25, 0.35],
    }));
    const known = found(swinging, even, { head: { before } });
    assert.ok((known.details['dispersion'] as number) > 100);
  });

  describe('is refused', () => {
    for (const [what, reference, path] of [
      ['without counts', { edges }, 'reference.counts'],
      ['with a count too few', { edges, counts: [1, 2, 3] }, 'reference.counts'],
      ['with a count too many', { edges, counts: [1, 2, 3, 4, 5] }, 'reference.counts'],
      ['with a negative count', { edges, counts: [1, 2, 3, -1] }, 'reference.counts[3]'],
      ['without any count above 0', { edges, counts: [0, 0, 0, 0] }, 'reference.counts'],
      ['with edges out of order', { edges: [0.5, 0.25], counts: [1, 2, 3] }, 'reference.edges'],
      ['with an edge twice', { edges: [0.5, 0.5], counts: [1, 2, 3] }, 'reference.edges'],
      ['with no edge', { edges: [], counts: [1] }, 'reference.edges'],
      ['with a label twice', { labels: ['a', 'a'], counts: [1, 2, 3] }, 'reference.labels'],
      ['without room for other labels', { labels: ['a', 'b'], counts: [1, 2] }, 'reference.counts'],
      ['with edges and labels', { edges, labels: ['a'], counts: [1, 2, 3, 4] }, 'reference'],
      ['as a name', 'training', 'reference'],
      ['as a list', [1, 2, 3], 'reference'],
    ] as const) {
      it(what, () => {
        const errors = errorsOf(parsePolicy({ guardrails: [guardrail({ reference })] }, 'mine'));
        assert.ok(
          errors.every((error) => error.path.startsWith(`guardrails[0].reference`)),
          JSON.stringify(errors),
        );
        assert.ok(
          errors.some((error) => `guardrails[0].${path}`.startsWith(error.path)),
          JSON.stringify(errors),
        );
      });
    }
  });

  it('reads even shares in four bins as the healthy canary has them', () => {
    assert.equal(found(times(10), { edges, counts: evenPredictions }).verdict, 'promote');
  });
});
