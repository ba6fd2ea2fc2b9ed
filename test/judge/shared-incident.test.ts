import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { breachLimit } from '../../src/judge/shared-incident.js';
import { codesOf, guardrailOf, only, policyWith } from '../support/judging.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';

const policy = only(policyWith(), 'error-rate');
const incident: LookRates = { canary: { errors: 300 }, stable: { errors: 2700 } };
const bad: LookRates = { canary: { errors: 30 } };
const codeOf = (looks: readonly LookRates[], rest: Parameters<typeof rollout>[1] = {}, of = policy) =>
  codesOf(judge(of, rollout(looks, rest)))['error-rate'];
const leftOut = (looks: readonly LookRates[]) =>
  guardrailOf(judge(policy, rollout(looks)), 'error-rate').details['leftOutLooks'] ?? [];

describe('an incident that hits both versions', () => {
  it('is left out of the evidence, and told', () => {
    const document = judge(policy, rollout([...times(8), ...times(3, incident), ...times(1)]));
    const guardrail = guardrailOf(document, 'error-rate');
    assert.equal(document.verdict, 'hold');
    assert.equal(document.literalVerdict, 'rollback');
    assert.equal(guardrail.reasonCode, 'stable-breaches-too');
    assert.equal(guardrail.estimate, 0.001);
    assert.deepEqual(guardrail.details['leftOutLooks'], [9, 10, 11]);
    assert.match(guardrail.reason, /3 of 12 looks left out/);
  });

  it('rolls back under the policy that says so', () => {
    const strict = only(policyWith({ sharedIncident: 'rollback' }), 'error-rate');
    assert.equal(codeOf([...times(8), ...times(3, incident)], {}, strict), 'rollback: rollback');
  });

  it('keeps promote back until ten calm looks have passed', () => {
    const after = (calm: number) => codeOf([...times(8), ...times(3, incident), ...times(calm)]);
    assert.equal(after(9), 'hold: stable-breaches-too');
    assert.equal(after(10), 'promote: promote');
  });

  it('keeps it back for thirty after a second episode; two looks between make no second one', () => {
    const twice = (between: number, calm: number) =>
      codeOf([...times(6), incident, ...times(between), incident, ...times(calm)]);
    assert.equal(twice(2, 10), 'promote: promote');
    assert.equal(twice(3, 10), 'hold: stable-breaches-again');
    assert.equal(twice(3, 29), 'hold: stable-breaches-again');
    assert.equal(twice(3, 30), 'promote: promote');
  });

  it('is one in which stable has more than three standard deviations and at least five errors', () => {
    assert.ok(Math.abs(breachLimit(9000, 0.01) - (90 + 3 * Math.sqrt(89.1))) < 1e-12);
    const stable = (errors: number, requests = 9000) => [...times(5), { stable: { errors, requests } }];
    assert.deepEqual(leftOut(stable(118)), []);
    assert.deepEqual(leftOut(stable(119)), [6]);
    assert.deepEqual(leftOut(stable(4, 20)), []);
    assert.deepEqual(leftOut(stable(5, 20)), [6]);
  });

  it('does not hide a canary that is bad on its own', () => {
    assert.equal(codeOf([...times(4, bad), ...times(2, incident), ...times(4, bad)]), 'rollback: rollback');
  });

  it('asks who is to blame where stable is over the limit as well', () => {
    const above = (canary: number): LookRates => ({ canary: { errors: canary }, stable: { errors: 100 } });
    assert.equal(codeOf(times(30, above(13))), 'hold: stable-breaches-too');
    const blamed = judge(policy, rollout(times(30, above(60))));
    assert.equal(blamed.verdict, 'rollback');
    const { blame } = guardrailOf(blamed, 'error-rate').details;
    assert.ok((blame as { evidence: number }).evidence >= Math.log(20));
  });

  it('holds nothing but its own guardrail', () => {
    const document = judge(defaultPolicy(), rollout([...times(10), ...times(2, incident)]));
    assert.equal(codesOf(document)['error-rate'], 'hold: stable-breaches-too');
    assert.equal(codesOf(document)['latency-p99'], 'promote: promote');
    assert.equal(document.verdict, 'hold');
  });

  it('is seen in request times as well', () => {
    const slow = [0, 0, 0, 0, 0.5, 0.5];
    const both: LookRates = { canary: { latency: slow }, stable: { latency: slow } };
    const latency = only(policyWith(), 'latency-p99');
    const document = judge(latency, rollout([...times(8), ...times(3, both), ...times(1)]));
    assert.equal(codesOf(document)['latency-p99'], 'hold: stable-breaches-too');
    assert.deepEqual(guardrailOf(document, 'latency-p99').details['leftOutLooks'], [9, 10, 11]);
  });
});

describe('first aid: an incident that began with the canary', () => {
  const low: LookRates = { weight: 0.05, canary: { requests: 500 }, stable: { requests: 9500 } };
  const high: LookRates = { weight: 0.5, canary: { requests: 5000 }, stable: { requests: 5000 } };
  const dragged: LookRates = {
    weight: 0.5,
    canary: { requests: 5000, errors: 1250 },
    stable: { requests: 5000, errors: 1250 },
  };

  it('undoes the newest change of weight once it has lasted four looks', () => {
    const after = (looks: number) => codeOf([...times(8, low), high, ...times(looks, dragged)]);
    assert.equal(after(3), 'hold: stable-breaches-too');
    assert.equal(after(6), 'rollback: incident-since-weight-change');
  });

  it('is not given where it began later than three looks after the change', () => {
    assert.equal(
      codeOf([...times(8, low), ...times(4, high), ...times(8, dragged)]),
      'hold: stable-breaches-too',
    );
  });

  it('is not given after a lower weight', () => {
    const lowered = (look: LookRates): LookRates => ({ ...look, weight: 0.25 });
    const looks = [...times(8, { ...high }), lowered(high), ...times(8, lowered(dragged))];
    assert.equal(codeOf(looks), 'hold: stable-breaches-too');
  });

  it('needs five calm looks of stable before, those before the canary included', () => {
    const dragging = times(8, { canary: { errors: 250 }, stable: { errors: 2250 } });
    assert.equal(codeOf(dragging), 'hold: stable-breaches-too');
    const before = times(5).map(() => ({}));
    assert.equal(codeOf(dragging, { before }), 'rollback: incident-since-weight-change');
    assert.equal(codeOf(dragging, { before: before.slice(1) }), 'hold: stable-breaches-too');
    const troubled = [...before.slice(1), { errors: 2250 }];
    assert.equal(codeOf(dragging, { before: troubled }), 'hold: stable-breaches-too');
  });
});

describe('bursts of the stable version', () => {
  it('temper the evidence against the canary', () => {
    const bursty = (i: number): LookRates => ({
      canary: { errors: 12 },
      stable: { errors: i % 4 === 0 ? 100 : 2 },
    });
    const even: LookRates = { canary: { errors: 12 }, stable: { errors: 26 } };
    const evidence = (looks: readonly LookRates[]) => {
      const guardrail = guardrailOf(judge(policy, rollout(looks)), 'error-rate');
      return guardrail.evidence.rollback ?? NaN;
    };
    const looks = times(12).map((_, i) => bursty(i));
    assert.ok(evidence(looks) < 0.7 * evidence(times(12, even)));
    const { dispersion } = guardrailOf(judge(policy, rollout(looks)), 'error-rate').details;
    assert.ok((dispersion as { rollback: number }).rollback > 1.5);
  });
});
