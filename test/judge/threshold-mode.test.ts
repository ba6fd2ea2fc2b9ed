import assert from 'node:assert/strict';
import { judge } from '../../src/judge/index.js';
import { codesOf, guardrailOf, policyWith } from '../support/judging.js';
import { rollout, times, type ArmRates } from '../support/rollouts.js';

const policy = policyWith({ mode: 'threshold' });
const of = (canary: ArmRates, stable: ArmRates = {}, overrides = policy) =>
  judge(overrides, rollout([{ canary, stable }]));

/** Latency shares with p99 exactly on a bound. */
const p99At: Readonly<Record<number, readonly number[]>> = {
  100: [0.5, 0.49, 0.01, 0, 0, 0],
  200: [0.5, 0.4, 0.09, 0.01, 0, 0],
  500: [0.5, 0.3, 0.1, 0.09, 0.01, 0],
};

describe('threshold mode: the table to the letter', () => {
  for (const [errors, verdict] of [
    [0, 'promote'],
    [4.999, 'promote'],
    [5, 'hold'],
    [7, 'hold'],
    [10, 'hold'],
    [10.001, 'rollback'],
    [1000, 'rollback'],
  ] as const) {
    it(`${errors} errors of 1,000 are ${verdict}`, () => {
      const guardrail = guardrailOf(of({ errors }), 'error-rate');
      assert.equal(guardrail.verdict, verdict);
      assert.equal(guardrail.literalVerdict, verdict);
      assert.equal(guardrail.estimate, errors / 1000);
    });
  }

  for (const [what, latency, verdict, estimate] of [
    ['below 200 ms', p99At[100], 'promote', 100],
    ['exactly 200 ms', p99At[200], 'hold', 200],
    ['exactly 500 ms', p99At[500], 'hold', 500],
    ['a little above 500 ms', [0.5, 0.3, 0.1, 0.0899, 0.0101, 0], 'rollback', 504.9505],
    ['in the open bucket', [0.5, 0.3, 0.1, 0, 0, 0.1], 'rollback', 1000],
  ] as const) {
    it(`a p99 ${what} is ${verdict}, interpolated linearly`, () => {
      const guardrail = guardrailOf(of({ latency }), 'latency-p99');
      assert.equal(guardrail.verdict, verdict);
      assert.ok(Math.abs((guardrail.estimate ?? NaN) - estimate) < 0.001, String(guardrail.estimate));
    });
  }

  for (const [conversion, verdict] of [
    [0.6, 'promote'],
    [0.5, 'promote'],
    [0.495, 'promote'],
    [0.49499, 'hold'],
    [0.485, 'hold'],
    [0.48499, 'rollback'],
  ] as const) {
    it(`a conversion of ${conversion} against 0.5 is ${verdict}`, () => {
      const guardrail = guardrailOf(of({ conversion }), 'business-proxy');
      assert.equal(guardrail.verdict, verdict);
      assert.ok(Math.abs((guardrail.estimate ?? NaN) - (conversion / 0.5 - 1)) < 1e-12);
    });
  }

  it('reads the PSI with Jeffreys smoothing, without the correction for chance', () => {
    const requests = { requests: 100 };
    const psi = (canary: readonly number[]) =>
      guardrailOf(of({ ...requests, predictions: canary }, { ...requests }), 'prediction-drift');
    const expected = (canary: readonly number[]) => {
      const p = canary.map((share) => (100 * share + 0.5) / 102);
      const q = 25.5 / 102;
      return p.reduce((total, share) => total + (share - q) * Math.log(share / q), 0);
    };
    for (const canary of [
      [0.25, 0.25, 0.25, 0.25],
      [0.2, 0.2, 0.3, 0.3],
      [0.13, 0.2, 0.3, 0.37],
      [0.1, 0.1, 0.3, 0.5],
    ]) {
      const guardrail = psi(canary);
      assert.ok(Math.abs((guardrail.estimate ?? NaN) - expected(canary)) < 1e-12);
      const verdict = expected(canary) > 0.2 ? 'rollback' : expected(canary) < 0.1 ? 'promote' : 'hold';
      assert.equal(guardrail.verdict, verdict);
    }
    assert.deepEqual(
      [
        [0.2, 0.2, 0.3, 0.3],
        [0.13, 0.2, 0.3, 0.37],
        [0.1, 0.1, 0.3, 0.5],
      ].map((shares) => psi(shares).verdict),
      ['promote', 'hold', 'rollback'],
    );
  });

  it('counts every look from the first, warm-up or not', () => {
    const document = of({ errors: 20 });
    assert.equal(document.verdict, 'rollback');
    const guardrail = guardrailOf(document, 'error-rate');
    assert.deepEqual(guardrail.samples, { canary: 1000, stable: 9000 });
  });

  it('quotes the figure that decided, also where every look is warm-up', () => {
    const document = of({ errors: 20, conversion: 0.4 });
    const guardrail = guardrailOf(document, 'error-rate');
    assert.match(guardrail.reason, /2 % of the canary's requests failed \(20 of 1,000\)/);
    assert.match(document.measurement[2], /errors 2 % > 1 %/);
    assert.match(guardrailOf(document, 'business-proxy').reason, /-20 %/);
    assert.match(guardrailOf(document, 'latency-p99').reason, /ms/);
    assert.match(guardrailOf(document, 'prediction-drift').reason, /PSI/);
  });

  it('quotes the figure of all looks, not of those that evidence mode would judge', () => {
    const document = judge(policy, rollout([...times(2, { canary: { errors: 100 } }), ...times(2)]));
    const guardrail = guardrailOf(document, 'error-rate');
    assert.equal(guardrail.estimate, 0.0505);
    assert.match(guardrail.reason, /5\.05 % of the canary's requests failed \(202 of 4,000\)/);
  });

  it('says nothing of chance: no evidence, no interval, no guarantee', () => {
    const document = of({ errors: 20 });
    assert.equal(document.guarantee, 'none');
    for (const guardrail of document.guardrails) {
      assert.equal(guardrail.guarantee, 'none');
      assert.equal(guardrail.interval, null);
      assert.equal(guardrail.evidence.rollback, null);
      assert.equal(guardrail.evidence.promote, null);
      assert.equal(guardrail.moreSamplesNeeded, null);
    }
  });

  it('holds without data and without a baseline', () => {
    const document = of({ predictions: undefined, conversion: undefined }, { latency: undefined });
    assert.equal(codesOf(document)['prediction-drift'], 'hold: canary-silent');
    assert.equal(codesOf(document)['business-proxy'], 'hold: canary-silent');
    assert.equal(codesOf(document)['latency-p99'], 'promote: promote');
    assert.equal(codesOf(of({}, { predictions: undefined }))['prediction-drift'], 'hold: no-baseline');
  });

  it('keeps what an operator has settled: onBreach, ifUndecided, the sample ratio', () => {
    const settled = policyWith(
      { mode: 'threshold' },
      { 'error-rate': { onBreach: 'hold' }, 'latency-p99': { ifUndecided: 'pass' } },
    );
    const document = of({ errors: 20, latency: p99At[200] }, {}, settled);
    assert.equal(codesOf(document)['error-rate'], 'hold: on-breach-hold');
    assert.equal(codesOf(document)['latency-p99'], 'promote: undecided-pass');
    const misrouted = judge(policy, rollout(times(4, { weight: 0.3 })));
    assert.equal(misrouted.verdict, 'hold');
    assert.equal(misrouted.reasons[0]?.code, 'sample-ratio');
  });

  it('judges the window of the policy alone', () => {
    const windowed = policyWith({ mode: 'threshold', windowSeconds: 120 });
    const document = judge(windowed, rollout([...times(5, { canary: { errors: 500 } }), ...times(2)]));
    assert.equal(guardrailOf(document, 'error-rate').estimate, 0.001);
    assert.equal(document.looks, 2);
  });
});

describe('literal verdict beside the evidence', () => {
  it('is that of the table on all looks, warm-up and left-out ones included', () => {
    const evidence = judge(policyWith(), rollout([...times(2, { canary: { errors: 100 } }), ...times(2)]));
    assert.equal(evidence.literalVerdict, 'rollback');
    assert.equal(evidence.verdict, 'hold');
    assert.equal(guardrailOf(evidence, 'error-rate').literalVerdict, 'rollback');
    assert.equal(guardrailOf(evidence, 'error-rate').estimate, 0.001);
  });

  it('of a healthy canary promotes from the first look', () => {
    const document = judge(policyWith(), rollout(times(1)));
    assert.equal(document.literalVerdict, 'promote');
    assert.equal(document.verdict, 'hold');
  });
});
