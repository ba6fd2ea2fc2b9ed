import assert from 'node:assert/strict';
import type { GuardrailVerdict } from '../../src/domain/verdict.js';
import { judge, replay } from '../../src/judge/index.js';
import { guardrailOf, written } from '../support/judging.js';
import { minuteMs, rollout, startMs, times, type LookRates } from '../support/rollouts.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}, general = {}) =>
  written({
    ...general,
    guardrails: [
      { name: 'proxy', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%', ...settings },
    ],
  });

const found = (
  looks: readonly LookRates[],
  settings: Readonly<Record<string, unknown>>,
  asOfMinutes?: number,
  general = {},
): GuardrailVerdict => {
  const head = asOfMinutes === undefined ? {} : { asOfMs: startMs + asOfMinutes * minuteMs };
  return guardrailOf(judge(policyOf(settings, general), rollout(looks, head)), 'proxy');
};

const tenMinutes = { maturity: '10m' };
/** Outcomes take ten minutes: of younger requests the canary has a third of its outcomes, stable all. */
const delayed = (count: number): readonly LookRates[] =>
  Array.from({ length: count }, (_, i) => ({
    canary: { conversion: count - i > 10 ? 0.5 : 0.15 },
    stable: { conversion: 0.5 },
  }));

describe('maturity of outcomes', () => {
  it('is nothing where it is not given', () => {
    assert.deepEqual(found(times(12), {}), found(times(12), { maturity: '0s' }));
    assert.equal('maturitySeconds' in found(times(12), {}).details, false);
  });

  it('leaves young requests out in both versions, so that late outcomes are no loss', () => {
    assert.equal(found(delayed(30), {}).verdict, 'rollback');
    const guardrail = found(delayed(30), tenMinutes);
    assert.equal(guardrail.verdict, 'promote');
    assert.equal(guardrail.estimate, 0);
    // Thirty looks, two of warm-up, ten too young.
    assert.deepEqual(guardrail.samples, { canary: 18_000, stable: 162_000 });
    assert.deepEqual([guardrail.details['maturitySeconds'], guardrail.details['looksTooYoung']], [600, 10]);
  });

  it('ends exactly on the age', () => {
    const counted = (maturity: string) => found(times(12), { maturity }).samples.canary;
    assert.equal(counted('9m'), 1000);
    assert.equal(counted('540s'), 1000);
    assert.equal(counted('541s'), 0);
    assert.equal(counted('0'), 10_000);
  });

  it('counts from the instant that the verdict is for', () => {
    assert.equal(found(times(12), tenMinutes).samples.canary, 0);
    assert.equal(found(times(12), tenMinutes, 15).samples.canary, 3000);
    assert.equal(found(times(12), tenMinutes, 100).samples.canary, 10_000);
  });

  it('is so of the letter as well, and of threshold mode', () => {
    assert.equal(found(delayed(30), tenMinutes).literalVerdict, 'promote');
    const literal = found(delayed(30), tenMinutes, undefined, { mode: 'threshold' });
    assert.equal(literal.verdict, 'promote');
    // The looks of the warm-up count to the letter.
    assert.deepEqual(literal.samples, { canary: 20_000, stable: 180_000 });
  });

  it('says how long it waits while nothing is old enough', () => {
    const waiting = found(times(6), tenMinutes);
    assert.deepEqual([waiting.verdict, waiting.reasonCode], ['hold', 'warming-up']);
    assert.equal(waiting.estimate, null);
    assert.match(waiting.reason, /^None of the canary's outcomes is old enough to count yet\./);
    // The first judged look ended after three minutes; it counts after thirteen.
    assert.match(waiting.reason, /about 7 min more\.$/);
    assert.equal(waiting.etaSeconds, 420);
    const [, , measured] = judge(policyOf(tenMinutes), rollout(times(6))).measurement;
    assert.equal(measured, 'proxy: no outcomes are old enough yet, warming up');
    const text = found(times(6), tenMinutes, undefined, { mode: 'threshold' });
    assert.equal(text.verdict, 'hold');
    assert.doesNotMatch(text.reason, /NaN|undefined/);
  });

  it('does not promise a wait for a warm-up that is the only reason', () => {
    const warm = found(times(2), tenMinutes);
    assert.equal(warm.reasonCode, 'warming-up');
    assert.match(warm.reason, /^No judged canary outcomes yet/);
  });

  it('lets a real loss through, later', () => {
    const losing = times(30, { canary: { conversion: 0.3 } });
    const first = (settings: Readonly<Record<string, unknown>>) =>
      [...replay(policyOf(settings), rollout(losing))].findIndex(({ verdict }) => verdict === 'rollback');
    assert.equal(first(tenMinutes) - first({}), 10);
  });

  it('replays as it was: what is young then is old later', () => {
    const documents = [...replay(policyOf(tenMinutes), rollout(times(16)))];
    assert.deepEqual(
      documents.map((document) => guardrailOf(document, 'proxy').samples.canary),
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 2000, 3000, 4000],
    );
  });

  it('does not hide that outcomes are not measured, or only by one version', () => {
    const none = { canary: { conversion: undefined }, stable: { conversion: undefined } };
    assert.equal(found(times(12, none), tenMinutes).reasonCode, 'not-measured');
    assert.equal(
      found(times(12, { canary: { conversion: undefined } }), tenMinutes).reasonCode,
      'canary-silent',
    );
  });

  it('does not let what is missing pass as undecided', () => {
    for (const ifUndecided of ['pass', 'bounded']) {
      assert.equal(found(times(6), { ...tenMinutes, ifUndecided }).verdict, 'hold');
    }
  });
});
