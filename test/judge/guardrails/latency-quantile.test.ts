import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseObservations } from '../../../src/domain/observations-file.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { minuteMs, rollout, slowLatency, startMs, times } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const policyOf = (
  settings: Readonly<Record<string, unknown>> = {},
  general: Readonly<Record<string, unknown>> = {},
) =>
  written({
    ...general,
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
  general: Readonly<Record<string, unknown>> = {},
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
  return guardrailOf(judge(policyOf(settings, general), observations), 'p99');
}

/** Coarse bounds may make the stable version seem to breach as well. */
const tableAlone = { sharedIncident: 'rollback' };

/** A time as a sentence has it. */
function millisecondsOf(text: string): number {
  const [, amount = '', unit = ''] = /^([\d.,]+) (ms|s)$/.exec(text) ?? [];
  return Number(amount.replaceAll(',', '')) * (unit === 's' ? 1000 : 1);
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

  it('says between which bounds the quantile lies, whatever the verdict', () => {
    for (const [counts, verdict, value] of [
      [[900, 100, 0, 0], 'promote', '228 ms'],
      [[900, 60, 40, 0], 'hold', '707 ms'],
      [[700, 100, 200, 0], 'rollback', '933 ms'],
    ] as const) {
      const { verdict: given, reason } = found([100, 250, 1000], counts, {
        promoteBelow: '240ms',
        rollbackAbove: verdict === 'hold' ? '2s' : '500ms',
      });
      assert.equal(given, verdict);
      const bounds = verdict === 'promote' ? '100 ms and 250 ms' : '250 ms and 1,000 ms';
      assert.ok(
        reason.startsWith(
          `The p99 of 10,000 canary requests is about ${value} (between ${bounds}); the stable`,
        ),
        reason,
      );
    }
  });

  it('says so of bounds with many digits too, rounded away from the quantile', () => {
    const { reason } = found([51.28, 102.49, 817.6, 1234.56], [300, 650, 50, 0, 0]);
    assert.match(reason, /\(between 102 ms and 818 ms\)/);
    const above = found([51.28, 102.49, 10_240], [300, 650, 10, 40]);
    assert.match(above.reason, /is above 10\.2 s, the last histogram bound/);
    assert.match(
      found([1234.56, 10_240], [0, 990, 10], {}, 12, tableAlone).reason,
      /\(between 1,234 ms and 10\.3 s\)/,
    );
  });

  it('speaks the truth about any requests on any bounds', () => {
    const ms = fc.double({ min: 0.01, max: 100_000, noNaN: true });
    const sample = fc.record({
      times: fc.array(ms, { minLength: 1, maxLength: 400 }),
      bounds: fc.uniqueArray(ms, { minLength: 1, maxLength: 8 }),
      quantile: fc.constantFrom(0.5, 0.9, 0.99),
      mode: fc.constantFrom('evidence', 'threshold'),
    });
    fc.assert(
      fc.property(sample, ({ times: requests, bounds, quantile, mode }) => {
        const boundsAscending = [...bounds].sort((a, b) => a - b);
        const counts = [...boundsAscending, Infinity].map(
          (upper, i) =>
            requests.filter((time) => time <= upper && time > (boundsAscending[i - 1] ?? 0)).length,
        );
        const sorted = [...requests].sort((a, b) => a - b);
        const truth = sorted[Math.ceil(quantile * sorted.length - 1e-9) - 1] ?? NaN;
        const { reason } = found(boundsAscending, counts, { quantile }, 1, {
          ...tableAlone,
          warmUp: 0,
          mode,
        });
        const [, between, lower = '', upper = '', above = ''] =
          /(\(between (.+?) and (.+?)\)|is above (.+?), the last)/.exec(reason) ?? [];
        assert.ok(between !== undefined, reason);
        if (above !== '') assert.ok(truth > millisecondsOf(above) * (1 - 1e-9), `${truth}: ${reason}`);
        else {
          assert.ok(truth >= millisecondsOf(lower) * (1 - 1e-9), `${truth}: ${reason}`);
          assert.ok(truth <= millisecondsOf(upper) * (1 + 1e-9), `${truth}: ${reason}`);
        }
      }),
      { seed: 20260105, numRuns: 300 },
    );
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

describe('latency quantile, asked again and again', () => {
  it('says the same whatever was judged before: a window without any request time leaves nothing behind', () => {
    const window = policyOf({}, { mode: 'threshold', window: '2m' });
    const looks = [...times(2, { canary: { latency: slowLatency } })];
    const quiet = times(2, { canary: { latency: undefined }, stable: { latency: undefined } });
    // Two rollouts that share the very histograms of the looks before.
    const first = rollout([...looks, ...quiet], { before: times(3).map(() => ({ latency: slowLatency })) });
    const second = { ...rollout(looks), before: first.before };
    const fresh = judge(policyOf({}, { mode: 'threshold', window: '2m' }), structuredClone(second));
    judge(window, first);
    assert.deepEqual(judge(window, second), fresh);
  });
});
