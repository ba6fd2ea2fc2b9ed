import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { guardrailOf } from '../support/judging.js';
import { rollout, times, type ArmRates, type LookRates } from '../support/rollouts.js';

const look = (requests: number, canary: ArmRates): LookRates => ({
  canary: { requests, ...canary },
  stable: { requests: 9 * requests },
});

const verdictOf = (name: string, looks: readonly LookRates[]) =>
  guardrailOf(judge(defaultPolicy(), rollout(looks)), name);

describe('what is still needed', () => {
  // Looks that go on as they are reach the verdict that the estimate points to after just as many as were told.
  for (const [name, one, wanted] of [
    ['error-rate', look(100, { errors: 0 }), 'promote'],
    ['error-rate', look(100, { errors: 0.3 }), 'promote'],
    ['error-rate', look(100, { errors: 0.4 }), 'promote'],
    ['error-rate', look(100, { errors: 1.4 }), 'rollback'],
    ['error-rate', look(100, { errors: 2 }), 'rollback'],
    ['latency-p99', look(100, { latency: [0.5, 0.3, 0.195, 0, 0, 0.005] }), 'promote'],
    ['latency-p99', look(100, { latency: [0.5, 0.3, 0.18, 0, 0, 0.02] }), 'rollback'],
    ['prediction-drift', look(20, { predictions: [0.2, 0.25, 0.25, 0.3] }), 'promote'],
    ['prediction-drift', look(20, { predictions: [0.05, 0.2, 0.25, 0.5] }), 'rollback'],
    ['business-proxy', look(100, { conversion: 0.52 }), 'promote'],
    ['business-proxy', look(100, { conversion: 0.47 }), 'rollback'],
  ] as const) {
    for (const seen of [3, 5]) {
      it(`is exact for ${name} with ${JSON.stringify(one.canary)} after ${seen} looks`, () => {
        const now = verdictOf(name, times(seen, one));
        assert.equal(now.verdict, 'hold');
        const more = (now.etaSeconds ?? NaN) / 60;
        assert.ok(more >= 1, `told ${more} looks`);
        const perLook = one.canary?.requests ?? NaN;
        assert.equal(now.moreSamplesNeeded, more * perLook);
        assert.equal(verdictOf(name, times(seen + more, one)).verdict, wanted);
        assert.equal(verdictOf(name, times(seen + more - 1, one)).verdict, 'hold');
      });
    }
  }

  it('is nothing once the verdict is there', () => {
    const { etaSeconds, moreSamplesNeeded } = verdictOf('error-rate', times(12));
    assert.deepEqual([etaSeconds, moreSamplesNeeded], [0, 0]);
  });

  it('is not known between the limits, nor where a week would not do', () => {
    for (const [name, one] of [
      ['error-rate', look(1000, { errors: 7 })],
      ['error-rate', look(1, { errors: 0.0101 })],
      ['latency-p99', look(1000, { latency: [0.5, 0.3, 0.15, 0.05, 0, 0] })],
      ['prediction-drift', look(1000, { predictions: [0.15, 0.2, 0.3, 0.35] })],
      ['business-proxy', look(1000, { conversion: 0.49 })],
    ] as const) {
      const { etaSeconds, moreSamplesNeeded, verdict } = verdictOf(name, times(8, one));
      assert.equal(verdict, 'hold', name);
      assert.deepEqual([etaSeconds, moreSamplesNeeded], [null, null], name);
    }
  });

  it('counts the calm looks that an incident asks for', () => {
    const incident = { canary: { errors: 300 }, stable: { errors: 2700 } };
    const looks = (calm: number) => [...times(8), ...times(2, incident), ...times(calm)];
    const now = verdictOf('error-rate', looks(3));
    assert.equal(now.reasonCode, 'stable-breaches-too');
    assert.equal(now.etaSeconds, 7 * 60);
    assert.equal(verdictOf('error-rate', looks(10)).verdict, 'promote');
  });

  it('is sooner where the canary gets a larger share from now on', () => {
    const observations = rollout(times(4, look(100, { errors: 0.3 })));
    const eta = (weight?: number) => {
      const question = weight === undefined ? {} : { weight };
      return guardrailOf(judge(defaultPolicy(), observations, question), 'error-rate').etaSeconds ?? NaN;
    };
    assert.equal(eta(0.1), eta());
    assert.ok(eta(0.5) < eta() / 3);
    assert.ok(eta(0.05) > 1.5 * eta());
  });
});
