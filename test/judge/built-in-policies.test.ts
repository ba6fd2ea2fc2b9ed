import assert from 'node:assert/strict';
import {
  builtInPolicies,
  defaultPolicy,
  guardrailKind,
  guardrailKinds,
  judge,
} from '../../src/judge/index.js';
import { codesOf } from '../support/judging.js';
import { rollout, slowLatency, times } from '../support/rollouts.js';

const thresholdsOf = (name: string) =>
  Object.fromEntries(
    (builtInPolicies.get(name)?.guardrails ?? []).map((settings) => [
      settings.name,
      guardrailKind(settings.kind).thresholds(settings),
    ]),
  );

describe('built-in policies', () => {
  it('are three', () => {
    assert.deepEqual([...builtInPolicies.keys()], ['default', 'progressive', 'plain-loop']);
    for (const [name, policy] of builtInPolicies) assert.equal(policy.name, name);
  });

  it('default is the decision table in evidence mode', () => {
    const policy = defaultPolicy();
    assert.equal(builtInPolicies.get('default'), policy);
    assert.deepEqual(thresholdsOf('default'), {
      'error-rate': { promoteBelow: 0.005, rollbackAbove: 0.01 },
      'latency-p99': { promoteBelow: 200, rollbackAbove: 500 },
      'prediction-drift': { promoteBelow: 0.1, rollbackAbove: 0.2 },
      'business-proxy': { promoteAbove: -0.01, rollbackBelow: -0.03 },
    });
    const { mode, confidence, falseRollback, warmUpSeconds, warmUpAfterWeightSeconds } = policy;
    assert.deepEqual(
      { mode, confidence, falseRollback, warmUpSeconds, warmUpAfterWeightSeconds },
      {
        mode: 'evidence',
        confidence: 0.95,
        falseRollback: 0.05,
        warmUpSeconds: 120,
        warmUpAfterWeightSeconds: 60,
      },
    );
    assert.equal(policy.staleAfterSeconds, 300);
    assert.equal(policy.sharedIncident, 'hold');
    assert.equal(policy.horizonLooks, 1440);
    assert.deepEqual(policy.gateMargin, { rollback: 1.645, promote: 0 });
    assert.deepEqual(
      policy.guardrails.map(({ required, ifUndecided, onBreach }) => [required, ifUndecided, onBreach]),
      [
        [true, 'hold', 'rollback'],
        [true, 'hold', 'rollback'],
        [true, 'hold', 'rollback'],
        ['auto', 'hold', 'rollback'],
      ],
    );
  });

  it('progressive differs in the business change alone', () => {
    const expected = thresholdsOf('default');
    expected['business-proxy'] = { promoteAbove: -0.01, rollbackBelow: -0.02 };
    assert.deepEqual(thresholdsOf('progressive'), expected);
    assert.equal(builtInPolicies.get('progressive')?.mode, 'evidence');
  });

  it('plain-loop rolls back on five bad minutes and goes on otherwise, without a guarantee', () => {
    const policy = builtInPolicies.get('plain-loop') ?? defaultPolicy();
    assert.equal(policy.mode, 'threshold');
    assert.equal(policy.windowSeconds, 300);
    const verdict = (looks: Parameters<typeof rollout>[0]) => judge(policy, rollout(looks));
    const between = verdict(times(6, { canary: { errors: 7 } }));
    assert.equal(between.verdict, 'promote');
    assert.equal(between.guarantee, 'none');
    assert.equal(verdict(times(6, { canary: { errors: 10 } })).verdict, 'promote', 'exactly 1 % goes on');
    assert.equal(verdict(times(6, { canary: { errors: 11 } })).verdict, 'rollback');
    assert.equal(verdict(times(6, { canary: { latency: slowLatency } })).verdict, 'rollback');
    assert.equal(verdict(times(6, { canary: { conversion: 0.489 } })).verdict, 'rollback');
    assert.equal(
      verdict(times(6, { canary: { conversion: 0.49 } })).verdict,
      'promote',
      'exactly -2 % goes on',
    );
    const forgotten = verdict([...times(3, { canary: { errors: 500 } }), ...times(5)]);
    assert.equal(forgotten.verdict, 'promote');
    assert.equal(forgotten.looks, 5);
    assert.equal(verdict([...times(3, { canary: { errors: 500 } }), ...times(4)]).verdict, 'rollback');
  });

  it('plain-loop holds without data', () => {
    const policy = builtInPolicies.get('plain-loop') ?? defaultPolicy();
    const document = judge(policy, rollout(times(3, { canary: null })));
    assert.equal(document.verdict, 'hold');
    assert.equal(codesOf(document)['error-rate'], 'hold: no-data');
  });

  it('use kinds of the registry, each with its words', () => {
    assert.deepEqual(
      guardrailKinds.map(({ kind }) => kind),
      [
        'error-rate',
        'latency-quantile',
        'prediction-drift',
        'business-proxy',
        'error-ratio',
        'latency-ratio',
        'decision-rate',
      ],
    );
    assert.throws(() => guardrailKind('weather'), /"weather" is not registered/);
    for (const { summary, sampleName, unit } of guardrailKinds) {
      assert.ok(summary.length > 10 && sampleName.endsWith('s') && unit.length > 1);
    }
  });
});
