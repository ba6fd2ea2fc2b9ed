import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { codesOf, guardrailOf, policyWith } from '../support/judging.js';
import { movedPredictions, rollout, times } from '../support/rollouts.js';

const noProxy = { canary: { conversion: undefined }, stable: { conversion: undefined } };

describe('warm-up', () => {
  it('holds every guardrail while there is nothing else, and shows nothing yet', () => {
    const document = judge(defaultPolicy(), rollout(times(2)));
    assert.deepEqual(codesOf(document), {
      'error-rate': 'hold: warming-up',
      'latency-p99': 'hold: warming-up',
      'prediction-drift': 'hold: warming-up',
      'business-proxy': 'hold: warming-up',
    });
    for (const guardrail of document.guardrails) {
      assert.equal(guardrail.estimate, null);
      assert.equal(guardrail.evidence.rollback, null);
      assert.equal(guardrail.evidence.promote, null);
    }
  });

  it('is two minutes of looks with canary traffic, then a look counts', () => {
    const judged = (minutes: number, looks: number) =>
      guardrailOf(judge(defaultPolicy(), rollout(times(looks, { minutes }))), 'error-rate').samples.canary;
    assert.equal(judged(1, 5), 3000);
    assert.equal(judged(2, 3), 2000);
    assert.equal(judged(0.5, 6), 2000);
    const late = rollout([...times(3, { canary: null }), ...times(4)]);
    assert.equal(guardrailOf(judge(defaultPolicy(), late), 'error-rate').samples.canary, 2000);
  });

  it('leaves its looks out of the estimate, and says so', () => {
    const document = judge(defaultPolicy(), rollout([...times(2, { canary: { errors: 50 } }), ...times(6)]));
    const guardrail = guardrailOf(document, 'error-rate');
    assert.equal(guardrail.estimate, 0.001);
    assert.deepEqual(guardrail.details['warmUp'], { looks: 2 });
    assert.equal(guardrail.literalVerdict, 'rollback');
  });

  it('comes again for a minute after each change of weight', () => {
    const looks = [...times(4, { weight: 0.1 }), ...times(1, { weight: 0.25, canary: { errors: 40 } })];
    const document = judge(defaultPolicy(), rollout(looks));
    assert.equal(guardrailOf(document, 'error-rate').samples.canary, 2000);
    assert.equal(document.stage, 2);
  });

  it('can be switched off', () => {
    const policy = policyWith({ warmUpSeconds: 0, warmUpAfterWeightSeconds: 0 });
    assert.equal(guardrailOf(judge(policy, rollout(times(1))), 'error-rate').samples.canary, 1000);
  });
});

describe('gross failure', () => {
  it('rolls back at the first look, warm-up or not', () => {
    for (const errors of [300, 500, 1000]) {
      const document = judge(defaultPolicy(), rollout(times(1, { canary: { errors } })));
      assert.equal(document.verdict, 'rollback', `${errors}`);
      const guardrail = guardrailOf(document, 'error-rate');
      assert.equal(guardrail.reasonCode, 'rollback');
      assert.equal(guardrail.details['gross'], true);
      assert.equal(guardrail.estimate, errors / 1000);
      assert.ok((guardrail.evidence.rollback ?? 0) >= guardrail.evidence.rollbackNeeded);
      assert.equal(guardrail.evidence.promote, null);
    }
  });

  it('is not a cold first minute of 10 % errors', () => {
    const document = judge(defaultPolicy(), rollout([{ canary: { errors: 100 } }, ...times(11)]));
    assert.equal(document.verdict, 'promote');
  });

  it('is not a handful of requests', () => {
    const document = judge(defaultPolicy(), rollout(times(1, { canary: { requests: 4, errors: 4 } })));
    assert.equal(document.verdict, 'hold');
  });

  it('is not a failure of both versions', () => {
    const both = { canary: { errors: 500 }, stable: { errors: 4500 } };
    assert.equal(judge(defaultPolicy(), rollout(times(3, both))).verdict, 'hold');
  });
});

describe('stages', () => {
  const at = (weight: number, requests: number) => ({
    weight,
    canary: { requests },
    stable: { requests: 10_000 - requests },
  });

  it('begin with a change of the configured weight; a look without weight keeps the one before', () => {
    const looks = [
      { ...at(0.05, 500), weight: 0.05 },
      { canary: { requests: 500 }, stable: { requests: 9500 } },
      at(0.25, 2500),
      { canary: { requests: 2500 }, stable: { requests: 7500 } },
      at(0.05, 500),
    ];
    const stage = (count: number) => judge(defaultPolicy(), rollout(looks.slice(0, count))).stage;
    assert.deepEqual([1, 2, 3, 4, 5].map(stage), [1, 1, 2, 2, 3]);
  });

  it('are seen in the observed share where no weight is configured', () => {
    const share = (requests: number) => ({ canary: { requests }, stable: { requests: 10_000 - requests } });
    const looks = [...times(4, share(500)), ...times(2, share(520)), ...times(3, share(2500))];
    const stage = (count: number) => judge(defaultPolicy(), rollout(looks.slice(0, count))).stage;
    assert.deepEqual([4, 6, 7, 9].map(stage), [1, 1, 2, 2]);
  });

  it('ask for two judged looks of their own before error rate and latency promote', () => {
    const stages = (count: number) => [...times(12, at(0.05, 500)), ...times(count, at(0.25, 2500))];
    const codes = (count: number) => codesOf(judge(defaultPolicy(), rollout(stages(count))));
    assert.equal(codes(0)['error-rate'], 'promote: promote');
    for (const [count, code] of [
      [1, 'hold: new-stage'],
      [2, 'hold: new-stage'],
      [3, 'promote: promote'],
    ] as const) {
      assert.equal(codes(count)['error-rate'], code, `${count} looks`);
      assert.equal(codes(count)['latency-p99'], code, `${count} looks`);
      assert.equal(codes(count)['prediction-drift'], 'promote: promote');
    }
  });

  it('carry rollback evidence over, and promote evidence not', () => {
    const bad = { ...at(0.05, 500), canary: { requests: 500, errors: 12 } };
    const document = judge(defaultPolicy(), rollout([...times(9, bad), ...times(2, at(0.25, 2500))]));
    assert.equal(guardrailOf(document, 'error-rate').verdict, 'rollback');
    const good = judge(defaultPolicy(), rollout([...times(12, at(0.05, 500)), ...times(2, at(0.25, 2500))]));
    const [evidence, atFirstWeight] = [good, judge(defaultPolicy(), rollout(times(12, at(0.05, 500))))].map(
      (document) => guardrailOf(document, 'error-rate').evidence.promote ?? NaN,
    );
    assert.ok((evidence ?? NaN) < (atFirstWeight ?? NaN));
  });

  it('compare each with its own baseline: what drifts in both arms with the weight is no drift', () => {
    const shared = (weight: number, predictions: readonly number[]) => ({
      weight,
      canary: { requests: 10_000 * weight, predictions },
      stable: { requests: 10_000 * (1 - weight), predictions },
    });
    const looks = [
      ...times(8, shared(0.05, [0.25, 0.25, 0.25, 0.25])),
      ...times(8, shared(0.5, movedPredictions)),
    ];
    const guardrail = guardrailOf(judge(defaultPolicy(), rollout(looks)), 'prediction-drift');
    assert.equal(guardrail.verdict, 'promote');
    assert.ok((guardrail.estimate ?? NaN) < 0.001);
  });
});

describe('one bad look', () => {
  it('is not enough to roll back, two are', () => {
    const bad = { ...noProxy, canary: { ...noProxy.canary, errors: 60 } };
    const one = judge(defaultPolicy(), rollout([...times(6, noProxy), bad, ...times(2, noProxy)]));
    assert.notEqual(one.verdict, 'rollback');
    const two = judge(defaultPolicy(), rollout([...times(6, noProxy), bad, bad]));
    assert.equal(two.verdict, 'rollback');
  });
});

describe('a canary that turns bad', () => {
  const turning = { ...noProxy, canary: { ...noProxy.canary, errors: 15 } };

  it('is not promoted although the whole looks good, and rolled back when it goes on', () => {
    const good = times(20, noProxy);
    assert.equal(judge(defaultPolicy(), rollout(good)).verdict, 'promote');
    const document = judge(defaultPolicy(), rollout([...good, turning, turning]));
    assert.equal(document.literalVerdict, 'promote');
    assert.equal(codesOf(document)['error-rate'], 'hold: turning-bad');
    assert.equal(document.verdict, 'hold');
    const later = judge(defaultPolicy(), rollout([...good, ...times(6, turning)]));
    const guardrail = guardrailOf(later, 'error-rate');
    assert.equal(guardrail.verdict, 'rollback');
    assert.match(
      guardrail.reason,
      /1\.5 % of the canary's requests failed in the latest looks that stand out/,
    );
    assert.equal((guardrail.details['window'] as { look: number }).look, 21);
  });

  it('is not said to be bad lately where it has been so all along', () => {
    const document = judge(defaultPolicy(), rollout(times(8, { canary: { errors: 20 } })));
    const guardrail = guardrailOf(document, 'error-rate');
    assert.equal(guardrail.verdict, 'rollback');
    assert.doesNotMatch(guardrail.reason, /latest/);
    assert.doesNotMatch(document.measurement[2], /lately/);
  });
});
