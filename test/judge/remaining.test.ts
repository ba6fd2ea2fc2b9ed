import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { binomialQuantile } from '../../src/statistics/binomial-quantile.js';
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
    const decided = verdictOf('error-rate', times(12));
    assert.deepEqual([decided.etaSeconds, decided.moreSamplesNeeded], [0, 0]);
    assert.deepEqual([decided.etaSeconds95, decided.moreSamplesNeeded95], [0, 0]);
  });

  it('is not known between the limits, nor where a week would not do', () => {
    for (const [name, one] of [
      ['error-rate', look(1000, { errors: 7 })],
      ['error-rate', look(1, { errors: 0.0101 })],
      ['latency-p99', look(1000, { latency: [0.5, 0.3, 0.15, 0.05, 0, 0] })],
      ['prediction-drift', look(1000, { predictions: [0.15, 0.2, 0.3, 0.35] })],
      ['business-proxy', look(1000, { conversion: 0.49 })],
    ] as const) {
      const { etaSeconds, moreSamplesNeeded, etaSeconds95, verdict } = verdictOf(name, times(8, one));
      assert.equal(verdict, 'hold', name);
      assert.deepEqual([etaSeconds, moreSamplesNeeded, etaSeconds95], [null, null, null], name);
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

  it('is no less for 95 of 100 such canaries, and known where the median is', () => {
    for (const [name, one] of [
      ['error-rate', look(100, { errors: 0.3 })],
      ['error-rate', look(100, { errors: 2 })],
      ['latency-p99', look(100, { latency: [0.5, 0.3, 0.195, 0, 0, 0.005] })],
      ['latency-p99', look(100, { latency: [0.5, 0.3, 0.18, 0, 0, 0.02] })],
      ['prediction-drift', look(20, { predictions: [0.2, 0.25, 0.25, 0.3] })],
      ['prediction-drift', look(20, { predictions: [0.05, 0.2, 0.25, 0.5] })],
      ['business-proxy', look(100, { conversion: 0.52 })],
      ['business-proxy', look(100, { conversion: 0.47 })],
    ] as const) {
      const now = verdictOf(name, times(4, one));
      assert.equal(now.verdict, 'hold');
      assert.ok((now.etaSeconds95 ?? NaN) > (now.etaSeconds ?? NaN), `${name}: ${now.etaSeconds95}`);
      assert.ok((now.etaSeconds95 ?? NaN) <= 12 * (now.etaSeconds ?? NaN), `${name}: ${now.etaSeconds95}`);
      assert.ok((now.moreSamplesNeeded95 ?? NaN) > (now.moreSamplesNeeded ?? NaN), name);
    }
  });

  for (const [wanted, errors, chance] of [
    ['promote', 0.3, 0.95],
    ['rollback', 2.5, 0.05],
  ] as const) {
    it(`is enough for a ${wanted} although the coming errors are at their ${100 * chance} % point`, () => {
      const seen = times(4, look(100, { errors }));
      const told = (verdictOf('error-rate', seen).etaSeconds95 ?? NaN) / 60;
      const after = (count: number) => {
        const drawn = binomialQuantile(chance, 100 * count, errors / 100) / count;
        return verdictOf('error-rate', [...seen, ...times(count, look(100, { errors: drawn }))]).verdict;
      };
      assert.equal(after(told), wanted);
      assert.equal(after(told - 1), 'hold');
    });
  }

  it('is the same rule for every guardrail after a change of weight: the rates so far at the new size', () => {
    const at = (requests: number, weight: number) => ({
      canary: { requests, errors: 0.003 * requests, conversion: 0.51, predictions: [0.2, 0.25, 0.25, 0.3] },
      stable: { requests: 1000 - requests },
      weight,
    });
    const seen = [...times(4, at(20, 0.02)), ...times(1, at(100, 0.1))];
    for (const name of ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy']) {
      const { verdict, etaSeconds, moreSamplesNeeded } = verdictOf(name, seen);
      assert.equal(verdict, 'hold', name);
      assert.equal(moreSamplesNeeded, (100 * (etaSeconds ?? NaN)) / 60, name);
    }
  });
});
