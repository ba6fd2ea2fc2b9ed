import assert from 'node:assert/strict';
import type { Observations } from '../../src/domain/observations.js';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { guardrailOf, written } from '../support/judging.js';
import { rollout, slowLatency, times, type LookRates } from '../support/rollouts.js';

const silent: LookRates = { canary: { predictions: undefined, conversion: undefined }, stable: {} };
const ask = (looks: readonly LookRates[], policy = defaultPolicy()) => judge(policy, rollout(looks));

describe('an arm that falls silent', () => {
  it('keeps every promote back once the last minutes should have had samples', () => {
    const document = ask([...times(30), ...times(30, silent)]);
    assert.equal(document.verdict, 'hold');
    for (const name of ['prediction-drift', 'business-proxy']) {
      const guardrail = guardrailOf(document, name);
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'canary-silent']);
      assert.match(
        guardrail.reason,
        /The canary has had no (predictions|outcomes) since 2026-.*, the stable version has/,
      );
      assert.notEqual(guardrail.estimate, null);
    }
    assert.equal(guardrailOf(document, 'error-rate').verdict, 'promote');
    assert.match(document.measurement[2], /fallen silent/);
  });

  it('does so at a higher weight from its first judged looks on, and pass does not cover it', () => {
    const looks = [...times(15, { weight: 0.1 }), ...times(3, { ...silent, weight: 0.5 })];
    const passing = written({
      guardrails: [
        {
          name: 'drift',
          kind: 'prediction-drift',
          promoteBelow: 0.1,
          rollbackAbove: 0.2,
          ifUndecided: 'pass',
        },
        { name: 'decided', kind: 'decision-rate', above: 0.75, ifUndecided: 'pass' },
      ],
    });
    for (const { verdict, reasonCode } of ask(looks, passing).guardrails) {
      assert.deepEqual([verdict, reasonCode], ['hold', 'canary-silent']);
    }
  });

  it('is not said where chance explains it, nor of a moment', () => {
    const few: LookRates = {
      canary: { requests: 10, conversion: undefined },
      stable: { requests: 90, conversion: 0.5 },
    };
    const told = (looks: readonly LookRates[]) => guardrailOf(ask(looks), 'business-proxy').reasonCode;
    assert.notEqual(
      told([...times(20, { canary: { requests: 10 }, stable: { requests: 90 } }), few]),
      'canary-silent',
    );
    assert.notEqual(told([...times(30), silent]), 'canary-silent');
  });

  it('is found at little traffic too, once the silence has lasted', () => {
    const little: LookRates = { canary: { requests: 1 }, stable: { requests: 9 } };
    const quiet: LookRates = { canary: { requests: 1, predictions: undefined }, stable: { requests: 9 } };
    const told = (minutes: number) =>
      guardrailOf(ask([...times(600, little), ...times(minutes, quiet)]), 'prediction-drift').reasonCode;
    assert.equal(told(9), 'promote');
    assert.equal(told(10), 'canary-silent');
  });

  it('of the stable version is not said where it has so little traffic that chance explains it', () => {
    const most: LookRates = { canary: { requests: 90 }, stable: { requests: 10 } };
    const gap: LookRates = { canary: { requests: 90 }, stable: { requests: 1, predictions: undefined } };
    const document = ask([...times(60, most), ...times(8, gap)]);
    assert.notEqual(guardrailOf(document, 'prediction-drift').reasonCode, 'no-baseline');
  });

  it('lets a rollback through', () => {
    const worse: LookRates = { canary: { predictions: [0.05, 0.05, 0.1, 0.8] } };
    const document = ask([...times(20, worse), ...times(10, silent)]);
    assert.equal(guardrailOf(document, 'prediction-drift').verdict, 'rollback');
  });

  it('of the stable version leaves nothing to compare with', () => {
    const alone: LookRates = { stable: { predictions: undefined, conversion: undefined } };
    const document = ask([...times(30), ...times(10, alone)]);
    const drift = guardrailOf(document, 'prediction-drift');
    assert.deepEqual([drift.verdict, drift.reasonCode], ['hold', 'no-baseline']);
    assert.match(drift.reason, /The stable version has had no predictions since/);
    const slow: Observations = rollout(times(20, { canary: { latency: slowLatency } }));
    assert.equal(judge(defaultPolicy(), slow).verdict, 'rollback');
  });
});
