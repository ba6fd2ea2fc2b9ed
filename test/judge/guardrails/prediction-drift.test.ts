import assert from 'node:assert/strict';
import { parseObservations } from '../../../src/domain/observations-file.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { minuteMs, movedPredictions, rollout, startMs, times } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}) =>
  written({
    guardrails: [
      { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2, ...settings },
    ],
  });

interface Histograms {
  readonly canary: unknown;
  readonly stable: unknown;
  readonly before?: readonly unknown[];
}

function found({ canary, stable, before = [] }: Histograms, settings = {}, looks = 8) {
  const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();
  const arm = (predictions: unknown, requests: number) => ({ requests, errors: 0, predictions });
  const observations = valueOf(
    parseObservations({
      schema: 'ml-verdict/observations/v1',
      model: 'm',
      canary: { version: 'v2' },
      stable: { version: 'v1' },
      before: {
        looks: before.map((predictions, i) => ({
          start: at(i - before.length),
          end: at(i - before.length + 1),
          stable: arm(predictions, 9000),
        })),
      },
      looks: Array.from({ length: looks }, (_, i) => ({
        start: at(i),
        end: at(i + 1),
        canary: arm(canary, 1000),
        stable: arm(stable, 9000),
      })),
    }),
  );
  return guardrailOf(judge(policyOf(settings), observations), 'drift');
}

const labelled = (labels: readonly string[], counts: readonly number[]) => ({ labels, counts });

describe('prediction drift', () => {
  it('shows the corrected PSI, raw figures, other distances and the bins that moved most', () => {
    const looks = times(10, { canary: { predictions: movedPredictions } });
    const guardrail = guardrailOf(judge(policyOf(), rollout(looks)), 'drift');
    assert.equal(guardrail.verdict, 'rollback');
    assert.equal(guardrail.unit, 'psi');
    assert.equal(guardrail.intervalKind, 'single-look');
    const { topBins, ...details } = guardrail.details as {
      topBins: readonly { bin: string; canary: number; stable: number; contribution: number }[];
    } & Readonly<Record<string, number>>;
    assert.deepEqual(
      topBins.map(({ bin }) => bin),
      ['(-inf, 0.25]', '(0.75, inf)', '(0.25, 0.5]'],
    );
    assert.ok(Math.abs((topBins[0]?.canary ?? NaN) - 0.1) < 1e-3);
    assert.ok(Math.abs((topBins[0]?.stable ?? NaN) - 0.25) < 1e-9);
    assert.ok((guardrail.estimate ?? NaN) < (details['psi'] ?? NaN));
    assert.ok((details['jensenShannon'] ?? NaN) > 0.1);
    const { evidence } = guardrail;
    assert.equal(
      evidence.rollback,
      Math.min(details['sizeEvidence'] ?? NaN, details['differenceEvidence'] ?? NaN),
    );
  });

  it('does not call drift what chance alone explains at few predictions', () => {
    const few = {
      canary: labelled(['a', 'b', 'c'], [4, 3, 1, 0]),
      stable: labelled(['a', 'b', 'c'], [90, 90, 80, 20]),
    };
    const guardrail = found(few, {}, 3);
    assert.equal(guardrail.verdict, 'hold');
    assert.equal(guardrail.literalVerdict, 'rollback');
    assert.equal(guardrail.estimate, 0);
  });

  it('asks for fifty predictions before it promotes', () => {
    const even = { edges: [0.5], counts: [12, 12] };
    const settings = { promoteBelow: 2, rollbackAbove: 9 };
    const verdict = (looks: number) =>
      found({ canary: even, stable: { edges: [0.5], counts: [90, 90] } }, settings, looks).verdict;
    assert.equal(verdict(4), 'hold');
    assert.equal(verdict(5), 'promote');
  });

  it('merges more bins than are wanted on the stable version alone', () => {
    const edges = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
    const even = edges.map(() => 50);
    const guardrail = found(
      {
        canary: { edges, counts: [...even, 50] },
        stable: { edges, counts: [...even.map((n) => n * 9), 450] },
      },
      { bins: 5 },
    );
    assert.deepEqual(guardrail.details['bins'], [
      '(-inf, 0.2]',
      '(0.2, 0.4]',
      '(0.4, 0.6]',
      '(0.6, 0.8]',
      '(0.8, inf)',
    ]);
    assert.equal(guardrail.verdict, 'promote');
  });

  it('freezes the bins with the looks before the canary where they hold enough', () => {
    const edges = [0.2, 0.4, 0.6, 0.8];
    const heavy = { edges, counts: [900, 25, 25, 25, 25] };
    const even = { edges, counts: [200, 200, 200, 200, 200] };
    const bins = (before: readonly unknown[]) =>
      found({ canary: even, stable: even, before }, { bins: 3 }).details['bins'] as readonly string[];
    assert.notDeepEqual(bins([heavy]), bins([]));
    assert.deepEqual(bins([{ edges, counts: [90, 2, 2, 2, 2] }]), bins([]));
  });

  it('keeps the most frequent labels of the stable version, and counts the others together', () => {
    const labels = ['ant', 'bee', 'cat', 'dog'];
    const stable = labelled(labels, [10, 4000, 3000, 20, 5]);
    const guardrail = found({ canary: labelled(labels, [1, 440, 330, 2, 1]), stable }, { bins: 3 });
    assert.deepEqual(guardrail.details['bins'], ['bee', 'cat', 'other']);
    assert.equal(guardrail.verdict, 'promote');
    const unseen = found({ canary: labelled(labels, [400, 40, 30, 2, 1]), stable }, { bins: 3 });
    assert.equal(unseen.verdict, 'rollback');
    const [top] = unseen.details['topBins'] as readonly { bin: string }[];
    assert.equal(top?.bin, 'other');
  });

  it('gives less weight to predictions that come in groups, where the looks before show it', () => {
    const edges = [0.25, 0.5, 0.75];
    const calm = { edges, counts: [2250, 2250, 2250, 2250] };
    const jumpy = (i: number) => ({
      edges,
      counts: i % 2 === 0 ? [2600, 1900, 2250, 2250] : [1900, 2600, 2250, 2250],
    });
    const canary = { edges, counts: [80, 180, 300, 440] };
    const evidence = (before: readonly unknown[]) =>
      found({ canary, stable: calm, before }).evidence.rollback ?? NaN;
    const none = found({ canary, stable: calm });
    assert.match(none.reason, /independence of predictions not checked/);
    assert.equal(evidence(Array.from({ length: 10 }, (_, i) => jumpy(i))), evidence([]));
    const grouped = found({ canary, stable: calm, before: Array.from({ length: 11 }, (_, i) => jumpy(i)) });
    assert.ok((grouped.evidence.rollback ?? NaN) < evidence([]));
    assert.ok((grouped.details['dispersion'] as number) > 10);
    assert.doesNotMatch(grouped.reason, /not checked/);
  });

  it('reads the output that it names', () => {
    const named = (a: number, b: number) => ({
      score: { edges: [0.5], counts: [500, 500] },
      kind: labelled(['x'], [a, b]),
    });
    const histograms = { canary: named(900, 100), stable: named(4500, 4500) };
    assert.equal(found(histograms, { output: 'score' }).verdict, 'promote');
    assert.equal(found(histograms, { output: 'kind' }).verdict, 'rollback');
    assert.equal(found(histograms).reasonCode, 'no-data');
  });

  it('holds without a baseline, and where the canary is silent', () => {
    const code = (canary: boolean, stable: boolean) => {
      const rates = (measured: boolean) => (measured ? {} : { predictions: undefined });
      return guardrailOf(
        judge(policyOf(), rollout(times(6, { canary: rates(canary), stable: rates(stable) }))),
        'drift',
      ).reasonCode;
    };
    assert.equal(code(true, false), 'no-baseline');
    assert.equal(code(false, true), 'canary-silent');
    assert.equal(code(false, false), 'no-data');
  });

  it('does not say that a bin moved where none did', () => {
    const guardrail = guardrailOf(judge(policyOf(), rollout(times(10))), 'drift');
    assert.equal(guardrail.estimate, 0);
    assert.doesNotMatch(guardrail.reason, /moved most, from 25 % to 25 %/);
  });
});
