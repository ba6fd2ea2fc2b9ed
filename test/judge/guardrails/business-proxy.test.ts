import assert from 'node:assert/strict';
import type { OutcomeTotals } from '../../../src/domain/observations.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { rollout, times, type LookRates } from '../../support/rollouts.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}) =>
  written({
    guardrails: [
      { name: 'proxy', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%', ...settings },
    ],
  });

/** Totals of `count` outcomes of a mean and a variance. */
const totals = (count: number, mean: number, variance: number): OutcomeTotals => ({
  count,
  sum: count * mean,
  sumOfSquares: count * (mean * mean + (variance * (count - 1)) / count),
});

function found(canary: OutcomeTotals, stable: OutcomeTotals, settings = {}, name = 'default') {
  const plain = rollout(times(10));
  const looks = plain.looks.map((look) => ({
    ...look,
    ...(look.canary === undefined ? {} : { canary: { ...look.canary, outcomes: new Map([[name, canary]]) } }),
    ...(look.stable === undefined ? {} : { stable: { ...look.stable, outcomes: new Map([[name, stable]]) } }),
  }));
  return guardrailOf(judge(policyOf(settings), { ...plain, looks }), 'proxy');
}

describe('business proxy', () => {
  it('shows the relative change, its interval and both means', () => {
    const guardrail = found(totals(1000, 9.4, 1), totals(9000, 10, 1));
    assert.equal(guardrail.verdict, 'rollback');
    assert.ok(Math.abs((guardrail.estimate ?? NaN) + 0.06) < 1e-12);
    assert.equal(guardrail.unit, 'relative-change');
    assert.equal(guardrail.intervalKind, 'single-look');
    const [low, high] = guardrail.interval ?? [null, null];
    assert.ok((low ?? NaN) < -0.06 && (high ?? NaN) > -0.06);
    assert.deepEqual([guardrail.promoteAbove, guardrail.rollbackBelow], [-0.01, -0.03]);
    assert.equal(guardrail.promoteBelow, undefined);
    const { canaryMean, stableMean } = guardrail.details as Readonly<Record<string, number>>;
    assert.ok(Math.abs((canaryMean ?? NaN) - 9.4) < 1e-9 && Math.abs((stableMean ?? NaN) - 10) < 1e-9);
  });

  it('turns the sign where lower is better', () => {
    const settings = { betterWhen: 'lower' };
    const better = found(totals(1000, 9, 1), totals(9000, 10, 1), settings);
    assert.equal(better.verdict, 'promote');
    assert.ok(Math.abs((better.estimate ?? NaN) - 0.1) < 1e-12);
    const worse = found(totals(1000, 11, 1), totals(9000, 10, 1), settings);
    assert.equal(worse.verdict, 'rollback');
    assert.ok((worse.interval?.[1] ?? NaN) < 0);
    assert.match(worse.reason, /lower is better/);
  });

  it('is the same in any currency', () => {
    const cents = found(totals(1000, 940, 10_000), totals(9000, 1000, 10_000));
    const euros = found(totals(1000, 9.4, 1), totals(9000, 10, 1));
    assert.ok(Math.abs((cents.evidence.rollback ?? NaN) - (euros.evidence.rollback ?? NaN)) < 1e-6);
  });

  it('holds where there is nothing to compare with: no outcomes of stable, or a mean of 0', () => {
    const nothing: OutcomeTotals = { count: 0, sum: 0, sumOfSquares: 0 };
    assert.equal(found(totals(1000, 1, 1), nothing).reasonCode, 'no-baseline');
    const zero = found(totals(1000, 1, 1), { count: 9000, sum: 0, sumOfSquares: 0 });
    assert.equal(zero.reasonCode, 'no-baseline');
    assert.equal(zero.estimate, null);
    assert.equal(found(totals(1000, 1, 1), totals(9000, -1, 1)).reasonCode, 'no-baseline');
  });

  it('holds where nothing varies, however far apart', () => {
    const guardrail = found(
      { count: 1000, sum: 900, sumOfSquares: 810 },
      { count: 9000, sum: 9000, sumOfSquares: 9000 },
    );
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'no-variance']);
    assert.deepEqual([guardrail.evidence.rollback, guardrail.evidence.promote], [0, 0]);
  });

  it('does not trust a canary of which no outcome has varied yet', () => {
    const early = found(totals(3, 0, 0), totals(9000, 0.01, 0.0099));
    assert.equal(early.verdict, 'hold');
  });

  it('holds while outcomes of the canary have not arrived', () => {
    const guardrail = found({ count: 0, sum: 0, sumOfSquares: 0 }, totals(9000, 0.5, 0.25));
    assert.equal(guardrail.reasonCode, 'canary-silent');
  });

  it('reads the outcome that it names', () => {
    const settings = { outcome: 'hit-rate' };
    assert.equal(found(totals(1000, 9.4, 1), totals(9000, 10, 1), settings, 'hit-rate').verdict, 'rollback');
    assert.equal(found(totals(1000, 9.4, 1), totals(9000, 10, 1), settings).reasonCode, 'not-measured');
    assert.match(found(totals(1000, 9.4, 1), totals(9000, 10, 1), settings, 'hit-rate').reason, /"hit-rate"/);
  });

  it('compares each stage with its own baseline', () => {
    const at = (weight: number, conversion: number): LookRates => ({
      weight,
      canary: { requests: 10_000 * weight, conversion },
      stable: { requests: 10_000 * (1 - weight), conversion },
    });
    const looks = [...times(8, at(0.05, 0.3)), ...times(8, at(0.5, 0.6))];
    const guardrail = guardrailOf(judge(policyOf(), rollout(looks)), 'proxy');
    assert.ok(Math.abs(guardrail.estimate ?? NaN) < 1e-12);
    assert.equal(guardrail.literalVerdict, 'promote');
  });
});
