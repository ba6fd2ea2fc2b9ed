import assert from 'node:assert/strict';
import type { Routing } from '../../src/domain/observations.js';
import { defaultPolicy, judge, type Question } from '../../src/judge/index.js';
import { codesOf, guardrailOf, only, policyWith, written } from '../support/judging.js';
import { movedPredictions, rollout, slowLatency, times, type LookRates } from '../support/rollouts.js';

const ask = (
  looks: readonly LookRates[],
  routing: Routing | undefined,
  policy = defaultPolicy(),
  question: Question = {},
) => judge(policy, rollout(looks, routing === undefined ? {} : { routing }), question);

const failing: LookRates = { canary: { errors: 30 } };
const slow: LookRates = { canary: { latency: slowLatency } };
const drifted: LookRates = { canary: { predictions: movedPredictions } };
const losing: LookRates = { canary: { conversion: 0.3 } };

const ratios = written({
  guardrails: [
    { name: 'error-ratio', kind: 'error-ratio' },
    { name: 'latency-ratio', kind: 'latency-ratio' },
    { name: 'flagged', kind: 'decision-rate', above: 0.75 },
    {
      name: 'against-training',
      kind: 'prediction-drift',
      promoteBelow: 0.1,
      rollbackAbove: 0.2,
      reference: { edges: [0.25, 0.5, 0.75], counts: [250, 250, 250, 250] },
    },
  ],
});
const worse: LookRates = { canary: { errors: 5, latency: slowLatency, predictions: movedPredictions } };

describe('routing at random', () => {
  it('is what is taken where nothing is said', () => {
    const looks = times(12, drifted);
    assert.deepEqual(ask(looks, 'random').guardrails, ask(looks, undefined).guardrails);
    assert.deepEqual(ask(looks, 'random').guarantee, ask(looks, undefined).guarantee);
  });

  it('is said to be assumed', () => {
    const { guarantee } = ask(times(12), undefined);
    assert.ok(guarantee !== 'none');
    assert.match(guarantee.assumes[0] ?? '', /routed at random/);
    assert.equal(guarantee.falsePromotion, 0.05);
  });
});

describe('sticky routing', () => {
  it('lets comparisons hold at most, with the reason', () => {
    for (const [name, look] of [
      ['prediction-drift', drifted],
      ['business-proxy', losing],
    ] as const) {
      assert.equal(guardrailOf(ask(times(12, look), 'random'), name).verdict, 'rollback');
      const guardrail = guardrailOf(ask(times(12, look), 'sticky'), name);
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'on-breach-hold']);
      assert.equal(guardrail.literalVerdict, 'rollback');
      assert.match(guardrail.reason, /Users are sticky/);
      assert.equal(guardrail.guarantee, 'none');
      assert.equal(guardrail.etaSeconds, null);
    }
  });

  it('is so of every kind that compares, also with a fixed reference', () => {
    assert.equal(ask(times(12, worse), 'random', ratios).verdict, 'rollback');
    const document = ask(times(12, worse), 'sticky', ratios);
    assert.equal(document.verdict, 'hold');
    for (const guardrail of document.guardrails) {
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'on-breach-hold'], guardrail.name);
    }
    assert.match(document.measurement[2], /on hold since users are sticky$/);
  });

  it('leaves absolute limits as they are', () => {
    for (const [name, look] of [
      ['error-rate', failing],
      ['latency-p99', slow],
    ] as const) {
      const document = ask(times(12, look), 'sticky');
      assert.equal(document.verdict, 'rollback');
      const guardrail = guardrailOf(document, name);
      assert.deepEqual(guardrail, guardrailOf(ask(times(12, look), 'random'), name));
      assert.equal(guardrail.guarantee, 'exact');
    }
  });

  it('still promotes what is healthy, and claims no rate for it', () => {
    const document = ask(times(12), 'sticky');
    assert.equal(document.verdict, 'promote');
    assert.ok(document.guarantee !== 'none');
    assert.equal('falsePromotion' in document.guarantee, false);
    assert.ok(
      document.guarantee.assumes.includes(
        'prediction-drift: never rolls back with sticky users, and its promote has no stated rate, since the taste of a few users decides',
      ),
    );
    assert.match(document.guarantee.assumes[0] ?? '', /users are sticky/);
    const alone = ask(times(12), 'sticky', defaultPolicy(), { guardrail: 'error-rate' });
    assert.ok(alone.guarantee !== 'none');
    assert.equal(alone.guarantee.falsePromotion, 0.05);
  });

  it('holds in threshold mode too', () => {
    const policy = policyWith({ mode: 'threshold' });
    const document = ask(times(12, drifted), 'sticky', policy);
    assert.equal(document.verdict, 'hold');
    const { reason, reasonCode } = guardrailOf(document, 'prediction-drift');
    assert.equal(reasonCode, 'on-breach-hold');
    assert.match(reason, /Users are sticky/);
    assert.equal(ask(times(12, failing), 'sticky', policy).verdict, 'rollback');
  });

  it('tells the users rather than the policy where both hold', () => {
    const policy = policyWith({}, { 'prediction-drift': { onBreach: 'hold' } });
    assert.match(guardrailOf(ask(times(12, drifted), 'sticky', policy), 'prediction-drift').reason, /sticky/);
  });

  it('does not let a proven breach pass as undecided', () => {
    const policy = only(policyWith({}, { 'business-proxy': { ifUndecided: 'pass' } }), 'business-proxy');
    assert.equal(ask(times(12, losing), 'sticky', policy).verdict, 'hold');
  });
});

describe('selected routing', () => {
  it('judges absolute limits alone', () => {
    const document = ask(
      times(12, { canary: { predictions: movedPredictions, conversion: 0.1 } }),
      'selected',
    );
    assert.deepEqual(codesOf(document), {
      'error-rate': 'promote: promote',
      'latency-p99': 'promote: promote',
      'prediction-drift': 'hold: not-measured',
      'business-proxy': 'hold: not-measured',
    });
    assert.equal(document.verdict, 'promote');
    assert.deepEqual(document.decidedWithout, ['prediction-drift', 'business-proxy']);
    assert.equal(document.literalVerdict, 'promote');
  });

  it('says that the requests are selected, and does not ask for data that is there', () => {
    for (const mode of ['evidence', 'threshold'] as const) {
      const { reason, estimate, samples } = guardrailOf(
        ask(times(12), 'selected', policyWith({ mode })),
        'prediction-drift',
      );
      assert.match(reason, /^Not judged: the canary's requests are selected/);
      assert.doesNotMatch(reason, /send that data/);
      assert.deepEqual([estimate, samples], [null, { canary: 0, stable: 0 }]);
    }
    const unmeasured = { canary: { latency: undefined }, stable: { latency: undefined } };
    const auto = policyWith({}, { 'latency-p99': { required: 'auto' } });
    const absolute = guardrailOf(ask(times(12, unmeasured), 'selected', auto), 'latency-p99');
    assert.match(absolute.reason, /send that data to have it judged/);
  });

  it('rolls back on absolute limits', () => {
    assert.equal(ask(times(12, failing), 'selected').verdict, 'rollback');
  });

  it('holds where nothing but comparisons is asked', () => {
    for (const guardrail of ['error-ratio', undefined]) {
      const question = guardrail === undefined ? {} : { guardrail };
      const document = ask(times(12, worse), 'selected', ratios, question);
      assert.equal(document.verdict, 'hold');
    }
    const alone = ask(times(12, drifted), 'selected', defaultPolicy(), { guardrail: 'prediction-drift' });
    assert.deepEqual([alone.verdict, alone.code], ['hold', 0]);
  });

  it('is not split by weight, so no share of the traffic is an alarm', () => {
    const looks = times(20, { weight: 0.5 });
    assert.equal(ask(looks, 'random').sampleRatio?.alarm, true);
    const document = ask(looks, 'selected');
    assert.equal(document.sampleRatio, null);
    assert.equal(document.verdict, 'promote');
  });

  it('claims nothing of what it does not judge', () => {
    const { guarantee } = ask(times(12), 'selected');
    assert.ok(guarantee !== 'none');
    assert.equal('falsePromotion' in guarantee, false);
    assert.ok(guarantee.assumes.includes('business-proxy: not judged for selected requests'));
  });
});
