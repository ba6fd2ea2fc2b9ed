import assert from 'node:assert/strict';
import { parseObservations } from '../../../src/domain/observations-file.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { minuteMs, rollout, startMs, times, type LookRates } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const policyOf = (settings: Readonly<Record<string, unknown>>, general = {}) =>
  written({ ...general, guardrails: [{ name: 'flagged', kind: 'decision-rate', ...settings }] });

const found = (
  looks: readonly LookRates[],
  settings: Readonly<Record<string, unknown>> = { above: 0.75 },
  general = {},
): GuardrailVerdict => guardrailOf(judge(policyOf(settings, general), rollout(looks)), 'flagged');

/** The canary puts so much of its predictions above 0.75; the stable version a tenth. */
const flagging = (share: number): LookRates => ({
  canary: { predictions: [0.5, 0.3, 0.2 - share, share] },
  stable: { predictions: [0.5, 0.3, 0.1, 0.1] },
});
/** Ratio of the canary's decisions to stable's, 1 being a tenth of the predictions. */
const atRatio = (ratio: number): LookRates => flagging(0.1 * ratio);

/** Looks of histograms as a file has them. */
function foundIn(canary: unknown, stable: unknown, settings: Readonly<Record<string, unknown>>, looks = 8) {
  const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();
  const observations = parseObservations({
    schema: 'ml-verdict/observations/v1',
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    looks: Array.from({ length: looks }, (_, i) => ({
      start: at(i),
      end: at(i + 1),
      canary: { requests: 1000, errors: 0, predictions: canary },
      stable: { requests: 9000, errors: 0, predictions: stable },
    })),
  });
  return guardrailOf(judge(policyOf(settings), valueOf(observations)), 'flagged');
}

const labels = ['fraud', 'fine'];

describe('decision rate', () => {
  it('promotes an equal rate, and rolls back one that is far off, either way', () => {
    const same = found(times(12, atRatio(1)));
    assert.equal(same.verdict, 'promote');
    assert.ok(Math.abs(same.estimate ?? NaN) < 1e-12);
    assert.deepEqual([same.unit, same.twoSided], ['relative-change', true]);
    assert.deepEqual([same.promoteBelow, same.rollbackAbove], [0.2, 0.5]);
    const more = found(times(12, atRatio(1.8)));
    assert.deepEqual([more.verdict, more.literalVerdict], ['rollback', 'rollback']);
    assert.ok(Math.abs((more.estimate ?? NaN) - 0.8) < 1e-9);
    const fewer = found(times(12, atRatio(0.3)));
    assert.deepEqual([fewer.verdict, fewer.literalVerdict], ['rollback', 'rollback']);
    assert.ok(Math.abs((fewer.estimate ?? NaN) + 0.7) < 1e-9);
    assert.ok((fewer.interval?.[1] ?? NaN) < -0.5);
  });

  it('finds a doubled workload that the PSI does not see', () => {
    // 0.5 % flagged against 1 %: a PSI of 0.0035, half as many cases again and more.
    const guardrail = found(
      times(20, {
        canary: { predictions: [0.5, 0.3, 0.19, 0.01] },
        stable: { predictions: [0.5, 0.3, 0.195, 0.005] },
      }),
    );
    assert.equal(guardrail.verdict, 'rollback');
    assert.ok(Math.abs((guardrail.estimate ?? NaN) - 1) < 1e-9);
  });

  it('to the letter holds exactly on either limit, on both sides', () => {
    const literal = (ratio: number) =>
      found(times(8, atRatio(ratio)), undefined, { mode: 'threshold' }).verdict;
    assert.deepEqual([0.49, 0.5, 0.7, 0.8, 0.81].map(literal), [
      'rollback',
      'hold',
      'hold',
      'hold',
      'promote',
    ]);
    assert.deepEqual([1.19, 1.2, 1.4, 1.5, 1.51].map(literal), [
      'promote',
      'hold',
      'hold',
      'hold',
      'rollback',
    ]);
  });

  it('needs evidence against both sides for a promote: the weaker of the two counts', () => {
    const evidence = (ratio: number) => found(times(6, atRatio(ratio))).evidence.promote ?? NaN;
    assert.ok(evidence(1) > evidence(1.15) && evidence(0.85) > evidence(0.7));
    assert.ok(evidence(0.1) < 0 && evidence(3) < 0);
  });

  it('has no lower side where a rate of 0 is within what is allowed', () => {
    const wide = { above: 0.75, promoteBelow: '20%', rollbackAbove: '150%' };
    assert.notEqual(found(times(12, atRatio(0)), wide).verdict, 'rollback');
    assert.equal(found(times(12, atRatio(2.6)), wide).verdict, 'rollback');
    const wider = { above: 0.75, promoteBelow: '120%', rollbackAbove: '200%' };
    assert.equal(found(times(12, atRatio(0)), wider).verdict, 'promote');
    assert.equal(found(times(12, atRatio(1.9)), wider).verdict, 'promote');
  });

  it('sees a canary that stopped deciding at all', () => {
    const guardrail = found(times(6, atRatio(0)));
    assert.equal(guardrail.verdict, 'rollback');
    assert.equal(guardrail.estimate, -1);
    assert.match(guardrail.reason, /\(0 % of 4,000 against 10 % of 36,000 predictions\)/);
  });

  it('carries its evidence over the stages, as the PSI does', () => {
    const stage = (weight: number, count: number) => times(count, { ...atRatio(1), weight });
    const guardrail = found([...stage(0.1, 30), ...stage(0.5, 2)]);
    assert.equal(guardrail.verdict, 'promote');
  });

  describe('a cut', () => {
    const cut = (above: number | string) => found(times(8, atRatio(1)), { above });

    it('on an edge counts what lies above it', () => {
      const guardrail = cut('0.5');
      assert.equal(guardrail.details['edge'], 0.5);
      assert.equal(guardrail.details['decision'], 'scores above 0.5');
      assert.deepEqual(guardrail.details['events'], { canary: 1200, stable: 10_800 });
      assert.doesNotMatch(guardrail.reason, /Note/);
    });

    it('within 2 % of an edge takes that, and says so', () => {
      const near = cut(0.754);
      assert.equal(near.details['edge'], 0.75);
      assert.match(near.reason, /Note: counted above 0\.75, the nearest histogram edge\.$/);
      assert.equal(near.verdict, 'promote');
    });

    it('elsewhere cannot be judged, and says which edge is missing, not that there were none', () => {
      for (const above of [0.76, 0.77, 0.6, 0, -0.75, 5]) {
        const guardrail = cut(above);
        assert.deepEqual(
          [guardrail.verdict, guardrail.reasonCode],
          ['hold', 'buckets-too-coarse'],
          `${above}`,
        );
        assert.equal(guardrail.estimate, null);
        assert.equal(guardrail.etaSeconds, null);
        assert.match(guardrail.reason, new RegExp(`Note: add a histogram edge at ${above}\\.$`));
        assert.doesNotMatch(guardrail.reason, /Neither version has had/);
      }
      const literal = found(times(8, atRatio(1)), { above: 0.6 }, { mode: 'threshold' });
      assert.deepEqual([literal.verdict, literal.reasonCode], ['hold', 'buckets-too-coarse']);
    });

    it('of 0 takes the edge at 0', () => {
      const scores = { edges: [-1, 0, 1], counts: [100, 100, 100, 100] };
      const guardrail = foundIn(scores, scores, { above: 0 });
      assert.equal(guardrail.details['edge'], 0);
      assert.deepEqual(guardrail.details['events'], { canary: 1200, stable: 1200 });
    });

    it('below 0 takes edges below 0', () => {
      const scores = { edges: [-1, 0, 1], counts: [100, 100, 100, 100] };
      assert.equal(foundIn(scores, scores, { above: -1.01 }).details['edge'], -1);
      assert.equal(foundIn(scores, scores, { above: 1.5 }).reasonCode, 'buckets-too-coarse');
    });
  });

  describe('a label', () => {
    const classes = (counts: readonly number[]) => ({ labels, counts });

    it('is counted by its name', () => {
      const guardrail = foundIn(classes([200, 780, 20]), classes([900, 8000, 100]), { label: 'fraud' });
      assert.equal(guardrail.verdict, 'rollback');
      assert.equal(guardrail.details['decision'], '"fraud"');
      assert.match(guardrail.reason, /^The canary's share of "fraud" is 2 times as large as/);
    });

    it('that is not among the counted ones is not said to be absent', () => {
      const guardrail = foundIn(classes([200, 780, 20]), classes([900, 8000, 100]), { label: 'theft' });
      assert.equal(guardrail.verdict, 'hold');
      assert.match(
        guardrail.reason,
        /Note: "theft" is none of the counted labels, so it is lost among the others\.$/,
      );
    });

    it('is not asked of scores, nor a cut of labels', () => {
      const ofScores = found(times(8, atRatio(1)), { label: 'fraud' });
      assert.equal(ofScores.reasonCode, 'buckets-too-coarse');
      assert.match(ofScores.reason, /give above instead of label/);
      const ofLabels = foundIn(classes([1, 2, 3]), classes([1, 2, 3]), { above: 0.5 });
      assert.equal(ofLabels.reasonCode, 'buckets-too-coarse');
      assert.match(ofLabels.reason, /give label instead of above/);
    });
  });

  it('reads the output that it names', () => {
    const outputs = (fraud: number) => ({
      score: { edges: [0.5], counts: [500, 500] },
      kind: { labels, counts: [fraud, 1000 - fraud, 0] },
    });
    const ask = (settings: Readonly<Record<string, unknown>>) =>
      foundIn(outputs(300), outputs(100), settings);
    assert.equal(ask({ above: 0.5, output: 'score' }).verdict, 'promote');
    assert.equal(ask({ label: 'fraud', output: 'kind' }).verdict, 'rollback');
    assert.equal(ask({ above: 0.5 }).reasonCode, 'no-data');
  });

  it('counts an incident of both versions: predictions have none', () => {
    const flood: LookRates = {
      canary: { predictions: [0, 0, 0, 1] },
      stable: { predictions: [0, 0, 0, 1] },
    };
    const guardrail = found([...times(10, atRatio(1)), ...times(3, flood), ...times(10, atRatio(1))]);
    assert.equal(guardrail.details['leftOutLooks'], undefined);
    assert.equal(guardrail.verdict, 'promote');
  });

  it('waits for a second look before it rolls back', () => {
    const lone = found([...times(10, atRatio(1)), atRatio(5)]);
    assert.equal(lone.verdict, 'hold');
    assert.match(lone.reason, /A single look carries this evidence/);
  });
});
