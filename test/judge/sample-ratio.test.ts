import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { codesOf } from '../support/judging.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';

/** Looks of 20,000 requests at a weight of 10 % of which the canary gets `requests`. */
const split = (requests: number, weight = 0.1): LookRates => ({
  weight,
  canary: { requests },
  stable: { requests: 20_000 - requests },
});

describe('sample ratio', () => {
  it('keeps promote back where the traffic is not split as configured, and says so first', () => {
    const document = judge(defaultPolicy(), rollout(times(12, split(1600))));
    assert.equal(document.verdict, 'hold');
    assert.deepEqual(document.reasons[0]?.code, 'sample-ratio');
    assert.match(document.reasons[0].text, /8 % of the requests instead of 10 %/);
    assert.match(document.measurement[2], /8 % of the requests instead of 10 %/);
    assert.equal(document.measurement[0], null);
    assert.equal(document.sampleRatio?.alarm, true);
    assert.ok(document.sampleRatio.evidence > Math.log(1000));
    for (const code of Object.values(codesOf(document))) assert.equal(code, 'promote: promote');
  });

  it('is quiet where the split is as configured, or off by less than a tenth', () => {
    for (const requests of [2000, 1810, 2190]) {
      const document = judge(defaultPolicy(), rollout(times(40, split(requests))));
      assert.equal(document.verdict, 'promote', `${requests}`);
      assert.equal(document.sampleRatio?.alarm, false);
    }
  });

  it('needs evidence as well as size', () => {
    const few = { weight: 0.1, canary: { requests: 80 }, stable: { requests: 920 } };
    assert.equal(judge(defaultPolicy(), rollout(times(3, few))).sampleRatio?.alarm, false);
  });

  it('does not count the first look of a stage, since the weight changes inside it', () => {
    const late = [...times(8, split(2000)), { ...split(2000), weight: 0.3 }, ...times(10, split(6000, 0.3))];
    assert.equal(judge(defaultPolicy(), rollout(late)).sampleRatio?.observed, 0.3);
    assert.equal(judge(defaultPolicy(), rollout(times(1, split(400)))).sampleRatio, null);
  });

  it('never rolls back, and never stops a rollback', () => {
    const failing = { ...split(1600), canary: { requests: 1600, errors: 80 } };
    const document = judge(defaultPolicy(), rollout(times(8, failing)));
    assert.equal(document.verdict, 'rollback');
    assert.equal(document.sampleRatio?.alarm, true);
  });

  it('is of the weight in the question before that of the looks', () => {
    const observations = rollout(times(12, split(2000)));
    assert.equal(judge(defaultPolicy(), observations).verdict, 'promote');
    const asked = judge(defaultPolicy(), observations, { weight: 0.5 });
    assert.equal(asked.verdict, 'hold');
    assert.equal(asked.sampleRatio?.configured, 0.5);
    const without = rollout(times(12, { canary: { requests: 2000 }, stable: { requests: 18_000 } }));
    assert.equal(judge(defaultPolicy(), without).sampleRatio, null);
    assert.equal(judge(defaultPolicy(), without, { weight: 0.1 }).sampleRatio?.alarm, false);
  });

  it('is not asked at 0 or 100 %, nor without a stable version', () => {
    assert.equal(judge(defaultPolicy(), rollout(times(4, split(2000, 1)))).sampleRatio, null);
    const alone = times(4, { weight: 0.1, stable: null });
    assert.equal(judge(defaultPolicy(), rollout(alone)).sampleRatio, null);
  });

  it('concerns the answer for one guardrail too', () => {
    const document = judge(defaultPolicy(), rollout(times(12, split(1600))), { guardrail: 'latency-p99' });
    assert.equal(document.verdict, 'hold');
    assert.deepEqual(codesOf(document), { 'latency-p99': 'hold: sample-ratio' });
  });
});
