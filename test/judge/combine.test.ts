import assert from 'node:assert/strict';
import { defaultPolicy, judge, type Question } from '../../src/judge/index.js';
import { codesOf, guardrailOf, policyWith } from '../support/judging.js';
import { movedPredictions, rollout, slowLatency, times, type LookRates } from '../support/rollouts.js';

const unmeasured: LookRates = { canary: { conversion: undefined }, stable: { conversion: undefined } };
const failing: LookRates = { canary: { errors: 30 } };
const ask = (looks: readonly LookRates[], question: Question = {}, policy = defaultPolicy()) =>
  judge(policy, rollout(looks), question);

describe('combined verdict', () => {
  it('is a rollback as soon as one guardrail is, whichever', () => {
    for (const [name, canary] of [
      ['error-rate', { errors: 30 }],
      ['latency-p99', { latency: slowLatency }],
      ['prediction-drift', { predictions: movedPredictions }],
      ['business-proxy', { conversion: 0.4 }],
    ] as const) {
      const document = ask(times(12, { canary }));
      assert.equal(document.verdict, 'rollback', name);
      assert.equal(document.code, -1);
      assert.equal(codesOf(document)[name], 'rollback: rollback');
      assert.equal(document.reasons[0]?.guardrail, name);
      assert.ok(document.measurement[2].startsWith(`${name}: `));
      assert.equal(document.measurement[0], 1);
    }
  });

  it('is a promote once all are', () => {
    const document = ask(times(12));
    assert.equal(document.verdict, 'promote');
    assert.equal(document.code, 1);
    assert.deepEqual(
      document.reasons.map(({ code }) => code),
      ['promote', 'promote', 'promote', 'promote'],
    );
  });

  it('is a hold otherwise: the one that needs longest speaks', () => {
    const document = ask(times(6));
    assert.equal(document.verdict, 'hold');
    assert.equal(document.code, 0);
    assert.equal(codesOf(document)['error-rate'], 'promote: promote');
    assert.equal(document.reasons[0]?.guardrail, 'business-proxy');
    assert.match(document.measurement[2], /^business-proxy: change 0 % >= -1 %, .* about \d+ min more$/);
    const share = document.measurement[0] ?? NaN;
    assert.ok(share > 0 && share < 1);
  });

  it('names the rollback with the most surplus evidence first', () => {
    const document = ask(times(6, { canary: { errors: 15, predictions: movedPredictions } }));
    assert.equal(document.verdict, 'rollback');
    const surplus = (name: string) => guardrailOf(document, name).evidence.rollback ?? NaN;
    const [first, second] = document.reasons;
    assert.ok(surplus(first?.guardrail ?? '') > surplus(second?.guardrail ?? ''));
  });

  it('splits the false rollbacks over the guardrails of the policy, also over those without data', () => {
    const needed = (document = ask(times(3, unmeasured))) =>
      document.guardrails.map(({ evidence }) => evidence.rollbackNeeded);
    for (const value of needed()) assert.ok(Math.abs(value - Math.log(4 / 0.05)) < 1e-12);
    const [alone] = needed(ask(times(3), { guardrail: 'error-rate' }));
    assert.ok(Math.abs((alone ?? NaN) - Math.log(80)) < 1e-12);
    const [evidence] = ask(times(3), { guardrail: 'error-rate' }).guardrails;
    assert.ok(Math.abs((evidence?.evidence.promoteNeeded ?? NaN) - Math.log(20)) < 1e-12);
  });

  it('leaves out what is not measured, and says so', () => {
    const document = ask(times(12, unmeasured));
    assert.equal(document.verdict, 'promote');
    assert.equal(document.literalVerdict, 'promote');
    assert.deepEqual(document.decidedWithout, ['business-proxy']);
    const reason = document.reasons.find(({ guardrail }) => guardrail === 'business-proxy');
    assert.equal(reason?.code, 'not-measured');
    assert.match(reason.text, /no outcomes are recorded/);
  });

  it('waits for what is required and not there', () => {
    const required = policyWith({}, { 'business-proxy': { required: 'true' } });
    const document = ask(times(12, unmeasured), {}, required);
    assert.equal(document.verdict, 'hold');
    assert.equal(codesOf(document)['business-proxy'], 'hold: no-data');
  });

  it('does not let outcomes that have not arrived yet pass as not measured', () => {
    const silent = ask(times(12, { canary: { conversion: undefined } }));
    assert.equal(codesOf(silent)['business-proxy'], 'hold: canary-silent');
    assert.equal(silent.verdict, 'hold');
    const before = judge(defaultPolicy(), rollout(times(12, unmeasured), { before: [{ conversion: 0.5 }] }));
    assert.equal(codesOf(before)['business-proxy'], 'hold: no-data');
  });

  it('holds where nothing is measured at all', () => {
    const proxyAlone = { ...defaultPolicy(), guardrails: defaultPolicy().guardrails.slice(3) };
    const document = ask(times(5, unmeasured), {}, proxyAlone);
    assert.equal(document.verdict, 'hold');
    assert.match(document.measurement[2], /nothing is measured/);
  });
});

describe('without a stable version', () => {
  it('absolute guardrails are judged and may roll back; nothing is promoted', () => {
    const alone: LookRates = { stable: null };
    const healthy = ask(times(12, alone));
    assert.equal(healthy.verdict, 'hold');
    assert.equal(healthy.reasons[0]?.code, 'no-baseline');
    assert.deepEqual(codesOf(healthy), {
      'error-rate': 'promote: promote',
      'latency-p99': 'promote: promote',
      'prediction-drift': 'hold: no-baseline',
      'business-proxy': 'hold: no-baseline',
    });
    assert.equal(ask(times(12, { ...alone, ...failing })).verdict, 'rollback');
    const single = ask(times(12, alone), { guardrail: 'error-rate' });
    assert.deepEqual(codesOf(single), { 'error-rate': 'hold: no-baseline' });
    assert.equal(single.verdict, 'hold');
    assert.equal(ask(times(12, { ...alone, ...failing }), { guardrail: 'error-rate' }).verdict, 'rollback');
  });
});

describe('stale data', () => {
  const asOf = (seconds: number, question: Question = {}, looks: readonly LookRates[] = times(12)) => {
    const observations = rollout(looks);
    const last = observations.looks.at(-1)?.endMs ?? 0;
    return judge(defaultPolicy(), { ...observations, asOfMs: last + seconds * 1000 }, question);
  };

  it('keeps promote back, beyond five minutes', () => {
    assert.equal(asOf(300).verdict, 'promote');
    const stale = asOf(301);
    assert.equal(stale.verdict, 'hold');
    assert.equal(stale.reasons[0]?.code, 'stale-data');
    assert.deepEqual(codesOf(asOf(301, { guardrail: 'error-rate' })), { 'error-rate': 'hold: stale-data' });
  });

  it('never keeps a rollback back', () => {
    assert.equal(asOf(3000, {}, times(12, failing)).verdict, 'rollback');
  });

  it('counts from the canary, not from the stable version', () => {
    const gone = rollout([
      ...times(12, { weight: 0.1 }),
      ...times(6, { weight: 0.1, canary: { requests: 0 } }),
    ]);
    assert.equal(judge(defaultPolicy(), gone).reasons[0]?.code, 'stale-data');
  });

  it('is not freshened by outcomes of requests long past', () => {
    const observations = rollout([
      ...times(12, { weight: 0.1 }),
      ...times(6, { weight: 0.1, canary: { requests: 0 } }),
    ]);
    const looks = observations.looks.map((look, index) =>
      index < 12 || look.canary === undefined
        ? look
        : {
            ...look,
            canary: {
              ...look.canary,
              outcomes: new Map([['default', { count: 50, sum: 25, sumOfSquares: 25 }]]),
            },
          },
    );
    assert.equal(judge(defaultPolicy(), { ...observations, looks }).reasons[0]?.code, 'stale-data');
  });
});

describe('a guardrail asked alone', () => {
  it('answers for itself, its estimate first', () => {
    const document = ask(times(6), { guardrail: 'error-rate' });
    assert.equal(document.verdict, 'promote');
    assert.equal(document.guardrail, 'error-rate');
    assert.deepEqual(document.measurement.slice(0, 2), [0.001, 'promote']);
    assert.match(document.measurement[2], /^error-rate: errors 0\.1 % < 0\.5 %, evidence /);
    assert.deepEqual(Object.keys(codesOf(document)), ['error-rate']);
  });

  it('with promoteWith all waits for the others, and names them', () => {
    const document = ask(times(6), { guardrail: 'error-rate', promoteWith: 'all' });
    assert.equal(document.verdict, 'hold');
    assert.deepEqual(codesOf(document), { 'error-rate': 'hold: waiting-for-others' });
    assert.match(document.reasons[0]?.text ?? '', /waiting for business-proxy\.$/);
    assert.equal(ask(times(12), { guardrail: 'error-rate', promoteWith: 'all' }).verdict, 'promote');
  });

  it('with promoteWith all keeps its own rollback, and takes over no other', () => {
    assert.equal(ask(times(8, failing), { guardrail: 'error-rate', promoteWith: 'all' }).verdict, 'rollback');
    const other = ask(times(8, failing), { guardrail: 'latency-p99', promoteWith: 'all' });
    assert.deepEqual(codesOf(other), { 'latency-p99': 'hold: waiting-for-others' });
    const unmeasuredOne = ask(
      times(8, { canary: { errors: 30, conversion: undefined }, stable: { conversion: undefined } }),
      {
        guardrail: 'business-proxy',
        promoteWith: 'all',
      },
    );
    assert.equal(unmeasuredOne.verdict, 'hold');
  });

  it('that is not measured holds, or goes along with a combined promote', () => {
    const looks = times(12, unmeasured);
    const alone = ask(looks, { guardrail: 'business-proxy' });
    assert.deepEqual(codesOf(alone), { 'business-proxy': 'hold: not-measured' });
    const along = ask(looks, { guardrail: 'business-proxy', promoteWith: 'all' });
    assert.equal(along.verdict, 'promote');
    assert.deepEqual(codesOf(along), { 'business-proxy': 'promote: not-measured' });
    assert.equal(
      ask(times(3, unmeasured), { guardrail: 'business-proxy', promoteWith: 'all' }).verdict,
      'hold',
    );
  });
});

describe('what the policy settles', () => {
  it('ifUndecided pass: an undecided guardrail does not keep promote back, and is told', () => {
    const passing = policyWith({}, { 'business-proxy': { ifUndecided: 'pass' } });
    const document = ask(times(6), {}, passing);
    assert.equal(document.verdict, 'promote');
    assert.equal(codesOf(document)['business-proxy'], 'promote: undecided-pass');
    assert.deepEqual(document.decidedWithout, ['business-proxy']);
    assert.ok(document.reasons.some(({ code }) => code === 'undecided-pass'));
    const between = ask(times(60, { canary: { conversion: 0.49 } }), {}, passing);
    assert.equal(codesOf(between)['business-proxy'], 'promote: undecided-pass');
  });

  it('ifUndecided pass covers no missing data, no warm-up and no lean to rollback', () => {
    const passing = policyWith({}, { 'business-proxy': { ifUndecided: 'pass' } });
    const code = (looks: readonly LookRates[]) => codesOf(ask(looks, {}, passing))['business-proxy'];
    assert.equal(code(times(2)), 'hold: warming-up');
    assert.equal(code(times(8, { canary: { conversion: undefined } })), 'hold: canary-silent');
    assert.equal(code(times(8, { stable: { conversion: undefined } })), 'hold: no-baseline');
    assert.equal(code(times(4, { canary: { conversion: 0.47 } })), 'hold: more-evidence-needed');
    assert.equal(
      code(times(8, { canary: { conversion: 1 }, stable: { conversion: 1 } })),
      'hold: no-variance',
    );
  });

  it('onBreach hold: a proven breach holds', () => {
    const holding = policyWith({}, { 'prediction-drift': { onBreach: 'hold' } });
    const document = ask(times(12, { canary: { predictions: movedPredictions } }), {}, holding);
    assert.equal(document.verdict, 'hold');
    assert.equal(codesOf(document)['prediction-drift'], 'hold: on-breach-hold');
    const gross = policyWith({}, { 'error-rate': { onBreach: 'hold' } });
    assert.equal(ask(times(1, { canary: { errors: 500 } }), {}, gross).verdict, 'hold');
  });

  it('minimumDuration: no rollback before the canary has had traffic for so long', () => {
    const patient = policyWith({}, { 'error-rate': { minimumDuration: '10m' } });
    const early = ask([...times(3, { canary: null }), ...times(9, failing)], {}, patient);
    assert.equal(codesOf(early)['error-rate'], 'hold: minimum-duration');
    assert.equal(guardrailOf(early, 'error-rate').etaSeconds, 60);
    assert.equal(early.verdict, 'hold');
    const late = ask([...times(3, { canary: null }), ...times(10, failing)], {}, patient);
    assert.equal(late.verdict, 'rollback');
    assert.equal(ask(times(12), {}, patient).verdict, 'promote');
  });

  it('confidence: a lower one promotes sooner and rolls back as before', () => {
    const first = (confidence: number) => {
      for (let looks = 1; looks < 30; looks++) {
        if (ask(times(looks), {}, policyWith({ confidence })).verdict === 'promote') return looks;
      }
      return Infinity;
    };
    assert.ok(first(0.8) < first(0.95) && first(0.95) < first(0.999));
    const [evidence, other] = [0.8, 0.999].map(
      (confidence) => ask(times(5), {}, policyWith({ confidence })).guardrails[0]?.evidence,
    );
    assert.equal(evidence?.rollbackNeeded, other?.rollbackNeeded);
  });
});

describe('guarantee', () => {
  it('says what the policy promises, the gross test included', () => {
    const { guarantee } = ask(times(3));
    assert.ok(guarantee !== 'none');
    assert.equal(guarantee.falseRollback, 0.051);
    assert.equal(guarantee.falsePromotion, 0.05);
    assert.ok(guarantee.assumes.some((text) => text.includes('routed at random')));
    assert.ok(guarantee.assumes.some((text) => text === 'error-rate: exact for independent requests'));
    assert.ok(
      guarantee.assumes.some((text) => text === 'prediction-drift: asymptotic, error rates as simulated'),
    );
  });

  it('says nothing of false promotions where an undecided guardrail passes or a breach holds', () => {
    for (const settings of [{ ifUndecided: 'pass' }, { onBreach: 'hold' }]) {
      const policy = policyWith({}, { 'business-proxy': settings });
      const { guarantee } = ask(times(3), {}, policy);
      assert.ok(guarantee !== 'none' && guarantee.falsePromotion === undefined);
      const single = ask(times(3), { guardrail: 'error-rate' }, policy).guarantee;
      assert.ok(single !== 'none' && single.falsePromotion === 0.05);
    }
  });

  it('is none in threshold mode', () => {
    assert.equal(ask(times(3), {}, policyWith({ mode: 'threshold' })).guarantee, 'none');
  });
});
