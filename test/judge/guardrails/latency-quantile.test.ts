import assert from 'node:assert/strict';
import { parseObservations } from '../../../src/domain/observations-file.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { minuteMs, rollout, slowLatency, startMs, times } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}) =>
  written({
    guardrails: [
      { name: 'p99', kind: 'latency-quantile', promoteBelow: '200ms', rollbackAbove: '500ms', ...settings },
    ],
  });

/** Twelve looks of one histogram, the same in both arms unless stable has its own. */
function found(
  boundsMs: readonly number[],
  counts: readonly number[],
  settings: Readonly<Record<string, unknown>> = {},
  looks = 12,
) {
  const arm = (factor: number) => ({
    requests: factor * counts.reduce((a, b) => a + b, 0),
    errors: 0,
    latency: { boundsMs, counts: counts.map((count) => count * factor) },
  });
  const observations = valueOf(
    parseObservations({
      schema: 'ml-verdict/observations/v1',
      model: 'm',
      canary: { version: 'v2' },
      stable: { version: 'v1' },
      looks: Array.from({ length: looks }, (_, i) => ({
        start: new Date(startMs + i * minuteMs).toISOString(),
        end: new Date(startMs + (i + 1) * minuteMs).toISOString(),
        canary: arm(1),
        stable: {
          requests: 9000,
          errors: 0,
          latency: { boundsMs, counts: [9000, ...boundsMs.map(() => 0)] },
        },
      })),
    }),
  );
  return guardrailOf(judge(policyOf(settings), observations), 'p99');
}

describe('latency quantile', () => {
  it('promotes a fast canary and rolls a slow one back, with what is known of the quantile', () => {
    const fast = guardrailOf(judge(policyOf(), rollout(times(12))), 'p99');
    assert.equal(fast.verdict, 'promote');
    assert.equal(fast.unit, 'ms');
    assert.equal(fast.intervalKind, 'anytime');
    assert.deepEqual(fast.interval, [100, 200]);
    assert.deepEqual([fast.promoteBelow, fast.rollbackAbove], [200, 500]);
    const slow = guardrailOf(
      judge(policyOf(), rollout(times(12, { canary: { latency: slowLatency } }))),
      'p99',
    );
    assert.equal(slow.verdict, 'rollback');
    assert.equal(slow.interval?.[0], 500);
  });

  it('interpolates exponentially inside a bucket, so that a healthy service without a bound at 200 ms can promote', () => {
    // p99 of 150 ms or so on bounds that jump from 100 to 250.
    const counts = [700, 260, 40, 0, 0];
    const exponential = found([50, 100, 250, 500], counts);
    assert.equal(exponential.verdict, 'promote');
    assert.ok(Math.abs((exponential.estimate ?? NaN) - 100 * 2.5 ** 0.75) < 1e-9);
    const linear = found([50, 100, 250, 500], counts, { interpolation: 'linear' });
    assert.equal(linear.verdict, 'hold');
    assert.ok(Math.abs((linear.estimate ?? NaN) - (100 + 150 * 0.75)) < 1e-9);
    assert.equal(exponential.literalVerdict, linear.literalVerdict, 'the letter is linear');
  });

  it('says which bound would help where one inside the bucket decides', () => {
    const guardrail = found([100, 400, 1000], [900, 100, 0, 0], {}, 30);
    assert.equal(guardrail.reasonCode, 'between-thresholds');
    assert.match(guardrail.reason, /more traffic will not help: add a histogram bound at 200 ms/);
    assert.equal(guardrail.etaSeconds, null);
  });

  it('cannot decide beyond its last bound, and says which one is missing', () => {
    const above = found([50, 100, 200, 300], [500, 300, 100, 50, 50]);
    assert.deepEqual([above.verdict, above.reasonCode], ['hold', 'buckets-too-coarse']);
    assert.match(above.reason, /add a histogram bound at 500 ms/);
    assert.deepEqual(above.details['atLeast'], true);
    const low = found([50, 100, 150], [500, 300, 100, 100]);
    assert.equal(low.reasonCode, 'buckets-too-coarse');
    assert.equal(low.evidence.rollback, 0);
    const high = found([600, 1000], [990, 10, 0]);
    assert.equal(high.reasonCode, 'buckets-too-coarse');
    assert.match(high.reason, /add a histogram bound at 500 ms/);
  });

  it('still promotes where a missing bound does not matter', () => {
    assert.equal(found([50, 100, 200, 300], [900, 100, 0, 0, 0]).verdict, 'promote');
  });

  it('takes any quantile, and names it', () => {
    const settings = { quantile: '95%', promoteBelow: '100ms', rollbackAbove: '200ms' };
    const good = found([50, 100, 200, 500], [900, 60, 30, 10, 0], settings);
    assert.equal(good.verdict, 'promote');
    assert.match(good.reason, /p95/);
    assert.equal(found([50, 100, 200, 500], [500, 300, 100, 100, 0], settings).verdict, 'rollback');
    const [p999] = [found([50, 100, 200, 500], [999, 1, 0, 0, 0], { quantile: '99.9%' })];
    assert.match(p999.reason, /p99\.9 /);
  });

  it('holds without request times, and tells a silent canary from a model that measures none', () => {
    const code = (canary: boolean, stable: boolean) => {
      const rates = (measured: boolean) => (measured ? {} : { latency: undefined });
      const looks = times(6, { canary: rates(canary), stable: rates(stable) });
      return guardrailOf(judge(policyOf(), rollout(looks)), 'p99').reasonCode;
    };
    assert.equal(code(false, true), 'canary-silent');
    assert.equal(code(false, false), 'no-data');
    assert.equal(code(true, false), 'promote');
  });
});
