import assert from 'node:assert/strict';
import { parseObservations } from '../../../src/domain/observations-file.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { minuteMs, startMs } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const labels = ['cat', 'dog', 'emu', 'fox'];

interface Counts {
  /** Per label, and the last for all others. */
  readonly canary: readonly number[];
  readonly stable?: readonly number[];
  readonly before?: readonly number[];
  /** The canary's counts in the two looks of its warm-up, where they differ. */
  readonly warmUp?: readonly number[];
}

function found(
  { canary, stable, before, warmUp = canary }: Counts,
  settings: Readonly<Record<string, unknown>> = {},
  looks = 8,
) {
  const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();
  const arm = (counts: readonly number[]) => ({ requests: 9000, errors: 0, predictions: { labels, counts } });
  const observations = parseObservations({
    schema: 'ml-verdict/observations/v1',
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    ...(before === undefined
      ? {}
      : { before: { looks: [{ start: at(-1), end: at(0), stable: arm(before) }] } }),
    looks: Array.from({ length: looks }, (_, i) => ({
      start: at(i),
      end: at(i + 1),
      canary: arm(i < 2 ? warmUp : canary),
      ...(stable === undefined ? {} : { stable: arm(stable) }),
    })),
  });
  const policy = written({
    guardrails: [
      { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2, ...settings },
    ],
  });
  return guardrailOf(judge(policy, valueOf(observations)), 'drift');
}

const stable = [4000, 4000, 900, 0, 100];
const like = stable.map((count) => count / 10);
/** A twentieth of the canary's labels is one that stable never gave. */
const withFox = [370, 370, 90, 60, 10];

describe('prediction drift of labels', () => {
  it('tells labels apart that the stable version never gave', () => {
    const guardrail = found({ canary: withFox, stable });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 60 / 900, labels: ['fox'] });
    assert.match(
      guardrail.reason,
      /6\.7 % of them have labels that the baseline does not have, such as "fox"/,
    );
  });

  it('says nothing of them where there are none', () => {
    const guardrail = found({ canary: like, stable });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 0, labels: [] });
    assert.doesNotMatch(guardrail.reason, /never had/);
    assert.equal(guardrail.verdict, 'promote');
  });

  it('looks for them in the looks before the canary too', () => {
    const before = [4000, 4000, 900, 1, 99];
    const guardrail = found({ canary: withFox, stable, before });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 0, labels: [] });
  });

  it('does not count those of warm-up looks', () => {
    const guardrail = found({ canary: like, stable, warmUp: withFox });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 0, labels: [] });
  });

  it('names the most frequent three, most frequent first', () => {
    const guardrail = found({ canary: [10, 30, 20, 40, 0], stable: [0, 0, 0, 0, 9000] });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 1, labels: ['fox', 'dog', 'emu'] });
    assert.match(guardrail.reason, /100 % of them .* such as "fox"/);
  });

  it('are those of a fixed reference where there is one, whatever stable gives', () => {
    const reference = { labels: ['dog', 'cat', 'emu'], counts: [4000, 4000, 900, 100] };
    const guardrail = found({ canary: withFox, stable: withFox }, { reference });
    assert.deepEqual(guardrail.details['unseenLabels'], { share: 60 / 900, labels: ['fox'] });
    assert.deepEqual(guardrail.details['bins'], ['dog', 'cat', 'emu', 'other']);
  });

  it('are none of scores', () => {
    const at = new Date(startMs).toISOString();
    const end = new Date(startMs + 5 * minuteMs).toISOString();
    const arm = { requests: 100, errors: 0, predictions: { edges: [0.5], counts: [50, 50] } };
    const observations = valueOf(
      parseObservations({
        schema: 'ml-verdict/observations/v1',
        model: 'm',
        canary: { version: 'v2' },
        stable: { version: 'v1' },
        looks: [{ start: at, end, canary: arm, stable: arm }],
      }),
    );
    const policy = written({
      warmUp: 0,
      guardrails: [{ name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 }],
    });
    const { details } = guardrailOf(judge(policy, observations), 'drift');
    assert.equal('unseenLabels' in details, false);
    assert.equal('wasserstein' in details, false, 'a single edge has no finite bin');
    assert.equal(details['largestCumulativeDifference'], 0);
  });

  it('has no distances that need an order', () => {
    const { details } = found({ canary: withFox, stable });
    assert.equal('wasserstein' in details, false);
    assert.equal('largestCumulativeDifference' in details, false);
    assert.ok((details['jensenShannon'] as number) > 0);
    assert.ok((details['gTest'] as { pValue: number }).pValue < 0.001);
  });

  describe('against a fixed reference', () => {
    it('matches labels by their names, not their places', () => {
      const reference = { labels: ['emu', 'dog', 'cat'], counts: [900, 4000, 4000, 100] };
      const guardrail = found({ canary: like, stable }, { reference });
      assert.equal(guardrail.estimate, 0);
      assert.equal(guardrail.verdict, 'promote');
    });

    it('counts labels that it does not know, and those that it lumps together, as other', () => {
      const known = { labels: ['cat', 'dog'], counts: [4000, 4000, 1000] };
      const guardrail = found({ canary: like, stable }, { reference: known });
      assert.deepEqual(guardrail.details['bins'], ['cat', 'dog', 'other']);
      assert.equal(guardrail.estimate, 0);
    });

    it('keeps a label that only it has', () => {
      const reference = { labels: ['cat', 'dog', 'gnu'], counts: [3000, 3000, 3000, 0] };
      const guardrail = found({ canary: like, stable }, { reference });
      assert.equal(guardrail.verdict, 'rollback');
      assert.match(JSON.stringify(guardrail.details['topBins']), /\\"gnu\\" went from 33 % to 0 %/);
    });

    it('keeps its most frequent labels where it has too many', () => {
      const reference = { labels: ['cat', 'dog', 'emu', 'fox'], counts: [10, 4000, 4000, 20, 0] };
      const guardrail = found({ canary: like, stable }, { reference, bins: 3 });
      assert.deepEqual(guardrail.details['bins'], ['dog', 'emu', 'other']);
    });

    it('can be given as shares', () => {
      const shares = { labels: ['cat', 'dog', 'emu'], counts: [0.444, 0.444, 0.1, 0.011] };
      assert.equal(found({ canary: like, stable }, { reference: shares }).verdict, 'promote');
    });
  });

  describe('says in words what moved', () => {
    const texts = (counts: Counts, settings = {}) =>
      (found(counts, settings).details['topBins'] as readonly { text: string }[]).map(({ text }) => text);

    it('by the name of the label, and "other labels" for the rest', () => {
      const [first, ...others] = texts({ canary: [100, 700, 90, 0, 110], stable });
      assert.equal(first, '"cat" went from 44 % to 10 %');
      assert.equal(others.length, 2);
      assert.ok(others.includes('other labels went from 1.1 % to 11 %'));
    });

    it('with a digit more where two would show the same share twice', () => {
      const slight = { canary: [4010, 3985, 905, 0, 100], stable };
      assert.equal(texts(slight)[0], '"dog" went from 44.4 % to 44.3 %');
      assert.match(found(slight).reason, /; "dog" went from 44\.4 % to 44\.3 %\./);
    });

    it('never as if something had moved that has not', () => {
      for (const text of texts({ canary: like, stable })) {
        const shares = /went from (?<then>.+) to (?<now>.+)$/.exec(text)?.groups;
        assert.notEqual(shares?.['then'] ?? 1, shares?.['now'] ?? 2, text);
      }
      assert.doesNotMatch(found({ canary: like, stable }).reason, /went from|stayed/);
    });
  });
});
