import assert from 'node:assert/strict';
import type { GuardrailVerdict } from '../../src/domain/verdict.js';
import { judge } from '../../src/judge/index.js';
import { guardrailOf, written } from '../support/judging.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}, general = {}) =>
  written({
    ...general,
    guardrails: [
      {
        name: 'proxy',
        kind: 'business-proxy',
        promoteAbove: '-1%',
        rollbackBelow: '-3%',
        ifUndecided: 'bounded',
        ...settings,
      },
    ],
  });

const found = (looks: readonly LookRates[], settings = {}, general = {}): GuardrailVerdict =>
  guardrailOf(judge(policyOf(settings, general), rollout(looks)), 'proxy');

/** So many looks of 200 canary outcomes, of which so many are wanted; half of stable's are. */
const young = (count: number, conversion = 0.5, requests = 200) =>
  times(count, { canary: { requests, conversion }, stable: { requests: 9 * requests } });

describe('ifUndecided: bounded', () => {
  it('passes once a loss that nobody would want to miss is excluded, long before -3 % is', () => {
    const verdicts = [4, 10, 20, 60].map((count) => found(young(count)).reasonCode);
    assert.equal(verdicts[0], 'more-evidence-needed');
    assert.ok(verdicts.includes('undecided-pass'), verdicts.join(', '));
    assert.equal(found(young(400)).reasonCode, 'promote');
    const passed = found(young(20));
    assert.equal(passed.verdict, 'promote');
    assert.ok((passed.evidence.promote ?? NaN) < passed.evidence.promoteNeeded);
    assert.ok((passed.details['worstEvidence'] as number) >= passed.evidence.promoteNeeded);
    assert.match(
      passed.reason,
      /A change of -10 % or worse is excluded \(odds of [a-z ]*[\d.,]+:1\), and the policy lets that pass\./,
    );
  });

  it('tells what is excluded, what is not yet, and how long that takes', () => {
    const waiting = found(young(5));
    assert.equal(waiting.verdict, 'hold');
    assert.match(
      waiting.reason,
      / It passes once a change of -10 % or worse is excluded: (the odds against it are [\d.]+:1|nothing speaks against it yet), odds of 20:1 are needed, about \d+ min more\.$/,
    );
    const minutes = Number(/about (?<minutes>\d+) min more\.$/.exec(waiting.reason)?.groups?.['minutes']);
    assert.equal(found(young(5 + minutes)).reasonCode, 'undecided-pass');
    assert.equal(found(young(4 + minutes)).verdict, 'hold');
  });

  it('also passes what lies between the limits', () => {
    const guardrail = found(young(300, 0.49));
    assert.ok((guardrail.estimate ?? 0) < -0.01);
    assert.equal(guardrail.reasonCode, 'undecided-pass');
    assert.equal(found(young(300, 0.49), { ifUndecided: 'hold' }).reasonCode, 'between-thresholds');
    assert.match(found(young(4, 0.49)).reason, /It passes once a change of -10 % or worse is excluded/);
  });

  it('never passes what leans to a rollback, or is one', () => {
    const leaning = found(young(54, 0.475), {}, { falseRollback: '0.01%' });
    assert.ok((leaning.evidence.rollback ?? 0) > 0);
    assert.ok((leaning.details['worstEvidence'] as number) > leaning.evidence.promoteNeeded);
    assert.equal(leaning.verdict, 'hold');
    assert.equal(found(young(200, 0.4)).verdict, 'rollback');
  });

  it('takes its own worst case', () => {
    const evidence = (worstAbove: string) =>
      found(young(12), { worstAbove }).details['worstEvidence'] as number;
    assert.ok(evidence('-30%') > evidence('-20%') && evidence('-20%') > evidence('-5%'));
    assert.equal(found(young(12), { worstAbove: '-30%' }).reasonCode, 'undecided-pass');
    assert.equal(found(young(12), { worstAbove: '-5%' }).verdict, 'hold');
    assert.match(found(young(12), { worstAbove: '-30%' }).reason, /A change of -30 % or worse is excluded/);
  });

  it('excludes with the evidence that a promote would have against that limit', () => {
    const bounded = found(young(12));
    const asLimit = found(young(12), { ifUndecided: 'hold', rollbackBelow: '-10%' });
    assert.ok(
      Math.abs((bounded.details['worstEvidence'] as number) - (asLimit.evidence.promote ?? NaN)) < 1e-12,
    );
  });

  it('turns with the direction that is good', () => {
    const settings = { betterWhen: 'lower' };
    assert.equal(found(young(20, 0.5), settings).reasonCode, 'undecided-pass');
    assert.equal(found(young(200, 0.6), settings).verdict, 'rollback');
  });

  it('never covers missing data', () => {
    const none = { canary: { conversion: undefined }, stable: { conversion: undefined } };
    assert.equal(found(times(12, none), { required: true }).reasonCode, 'no-data');
    assert.equal(found(times(12, none)).reasonCode, 'not-measured');
    assert.equal(found(times(12, { canary: { conversion: undefined } })).reasonCode, 'canary-silent');
    assert.equal(found(times(12, { stable: { conversion: undefined } })).reasonCode, 'no-baseline');
    assert.equal(
      found(times(12, { canary: { conversion: 1 }, stable: { conversion: 1 } })).reasonCode,
      'no-variance',
    );
  });

  it('claims no rate of false promotion, and is told in the combined verdict', () => {
    const document = judge(policyOf(), rollout(young(20)));
    assert.equal(document.verdict, 'promote');
    assert.deepEqual(document.decidedWithout, ['proxy']);
    assert.ok(document.guarantee !== 'none');
    assert.equal('falsePromotion' in document.guarantee, false);
    const strict = judge(policyOf({ ifUndecided: 'hold' }), rollout(young(20)));
    assert.ok(strict.guarantee !== 'none');
    assert.equal(strict.guarantee.falsePromotion, 0.05);
  });

  it('asks for the confidence of the request', () => {
    const sure = { confidence: 0.999 };
    const looks =
      [6, 8, 10, 12, 14, 16].find((count) => found(young(count)).reasonCode === 'undecided-pass') ?? 0;
    assert.ok(looks > 0);
    assert.equal(found(young(looks), {}, sure).verdict, 'hold');
  });
});
