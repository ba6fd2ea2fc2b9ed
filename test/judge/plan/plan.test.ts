import assert from 'node:assert/strict';
import { defaultPolicy, judge, plan, type Plan } from '../../../src/judge/index.js';
import { lognormalTails } from '../../../src/statistics/lognormal-tails.js';
import { only, policyWith, written } from '../../support/judging.js';
import { qualitiesOf, trafficOf } from '../../support/planning.js';
import { boundsMs, rollout, times } from '../../support/rollouts.js';
import { normalQuantile } from '../../../src/statistics/normal-distribution.js';

const guardrailIn = (made: Plan, name: string) => {
  const found = made.guardrails.find((guardrail) => guardrail.name === name);
  if (found === undefined) assert.fail(`the plan has no guardrail ${name}`);
  return found;
};

/** Lognormal request times as shares of the bins. */
function latencyOf(p99: number): readonly number[] {
  const tails = [1, ...lognormalTails(boundsMs, 0.99, p99, 1), 0];
  return tails.slice(1).map((tail, i) => (tails[i] ?? 0) - tail);
}

/** The canary and the stable version of a plan for 50 requests a second and 5 %, look by look. */
const canaryLooks = (count: number, rates: { errors?: number; p99?: number; conversion?: number } = {}) =>
  rollout(
    times(count, {
      weight: 0.05,
      canary: {
        requests: 150,
        errors: 150 * (rates.errors ?? 0.003),
        latency: latencyOf(rates.p99 ?? 150),
        conversion: rates.conversion ?? 0.6,
      },
      stable: { requests: 2850, errors: 2850 * 0.003, latency: latencyOf(150), conversion: 0.6 },
    }),
  );

describe('plan', () => {
  const made = plan(defaultPolicy(), { traffic: trafficOf() });

  describe('agrees with what the judge says of looks that somebody else makes', () => {
    for (const [name, direction, rates] of [
      ['error-rate', 'untilPromote', {}],
      ['error-rate', 'untilRollback', { errors: 0.02 }],
      ['latency-p99', 'untilPromote', {}],
      ['latency-p99', 'untilRollback', { p99: 700 }],
      ['business-proxy', 'untilPromote', {}],
      ['business-proxy', 'untilRollback', { conversion: 0.54 }],
    ] as const) {
      it(`${name} ${direction}: decided at just that minute`, () => {
        const minutes = guardrailIn(made, name)[direction].median?.minutes ?? NaN;
        const after = (looks: number) =>
          judge(defaultPolicy(), canaryLooks(looks, rates), { guardrail: name }).verdict;
        assert.equal(after(minutes), direction === 'untilPromote' ? 'promote' : 'rollback');
        assert.equal(after(minutes - 1), 'hold');
      });
    }

    it('combined: the latest of them', () => {
      const { median } = made.combined.untilPromote;
      assert.ok(median !== null);
      assert.equal(judge(defaultPolicy(), canaryLooks(median)).verdict, 'promote');
      assert.equal(judge(defaultPolicy(), canaryLooks(median - 1)).verdict, 'hold');
      assert.deepEqual(made.combined.slowest.median, ['business-proxy']);
    });

    it('combined: a single fault', () => {
      for (const [fault, rates] of [
        ['error-rate', { errors: 0.02 }],
        ['latency-p99', { p99: 700 }],
        ['business-proxy', { conversion: 0.54 }],
      ] as const) {
        const median = made.combined.untilRollback.find((one) => one.fault === fault)?.median ?? NaN;
        assert.equal(judge(defaultPolicy(), canaryLooks(median, rates)).verdict, 'rollback', fault);
        assert.equal(judge(defaultPolicy(), canaryLooks(median - 1, rates)).verdict, 'hold', fault);
      }
    });
  });

  // Figures for an evidence and a gate alone, without the mixture over starts, the margin of the rollback gate and the
  // rule of two looks: those of a promote are met, a rollback takes up to 20 % or two looks longer.
  describe('meets the sample sizes of the bare tests, with looks of ten requests and no warm-up', () => {
    const perLook = 10;
    const traffic = trafficOf({ requestsPerSecond: perLook / 60 / 0.05 });
    const bare = (guardrail: object) =>
      written({ warmUp: '0s', gateMargin: { rollback: 0 }, guardrails: [{ name: 'one', ...guardrail }] });
    const errors = bare({ kind: 'error-rate', promoteBelow: '0.5%', rollbackAbove: '1%' });
    const latency = bare({ kind: 'latency-quantile', promoteBelow: '200ms', rollbackAbove: '500ms' });
    const drift = bare({ kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 });

    for (const [what, policy, quality, n50, n95] of [
      ['error rate', errors, 0, 369, 369],
      ['error rate', errors, 0.001, 514, 1036],
      ['error rate', errors, 0.002, 734, 1714],
      ['error rate', errors, 0.003, 1061, 2635],
      ['error rate', errors, 0.004, 1652, 11946],
      ['p99', latency, 150, 392, 657],
      ['PSI', drift, 0, 162, 222],
      ['PSI', drift, 0.03, 215, 356],
      ['PSI', drift, 0.06, 318, 595],
    ] as const) {
      it(`promote ${what} ${quality}: ${n50} and ${n95}`, () => {
        const question = { traffic, qualities: qualitiesOf({ one: quality }) };
        const { median, percentile95 } = guardrailIn(plan(policy, question), 'one').untilPromote;
        assert.ok(Math.abs((median?.samples ?? NaN) - n50) <= 0.02 * n50 + perLook, String(median?.samples));
        // Unfavourable counts move smoothly here and by whole events there.
        const tolerance = 0.08 * n95 + perLook;
        assert.ok(Math.abs((percentile95?.samples ?? NaN) - n95) <= tolerance, String(percentile95?.samples));
      });
    }

    for (const [what, policy, quality, n50, n95] of [
      ['error rate', errors, 0.015, 657, 2036],
      ['error rate', errors, 0.02, 322, 1036],
      ['error rate', errors, 0.03, 141, 483],
      ['error rate', errors, 0.05, 59, 210],
      ['error rate', errors, 0.1, 20, 76],
      ['PSI', drift, 0.25, 291, 1161],
      ['PSI', drift, 0.3, 174, 486],
      ['PSI', drift, 0.4, 87, 253],
      ['PSI', drift, 1, 28, 55],
    ] as const) {
      it(`roll back ${what} ${quality}: ${n50} and ${n95}`, () => {
        const question = { traffic, qualities: qualitiesOf({}, { one: quality }) };
        const { median, percentile95 } = guardrailIn(plan(policy, question), 'one').untilRollback;
        const within = (actual: number | undefined, least: number) => {
          assert.ok(actual !== undefined);
          assert.ok(actual >= 0.9 * least - perLook && actual <= 1.2 * least + 2 * perLook, `${actual}`);
        };
        within(median?.samples, n50);
        within(percentile95?.samples, n95);
      });
    }
  });

  describe('is no later', () => {
    const minutesOf = (given: Parameters<typeof trafficOf>[0]) =>
      plan(defaultPolicy(), { traffic: trafficOf(given) }).guardrails.flatMap((guardrail) =>
        [guardrail.untilPromote, guardrail.untilRollback].flatMap(({ median, percentile95 }) => [
          median?.minutes ?? Infinity,
          percentile95?.minutes ?? Infinity,
        ]),
      );

    it('with more requests', () => {
      let before = minutesOf({ requestsPerSecond: 1 });
      for (const requestsPerSecond of [3, 10, 30, 100, 1000, 1e6]) {
        const now = minutesOf({ requestsPerSecond });
        // The step of a long search is a look, at most one part in 60 of it.
        now.forEach((minutes, i) => {
          assert.ok(minutes <= (before[i] ?? 0) * (1 + 1 / 60), `${requestsPerSecond}: ${now.join(' ')}`);
        });
        before = now;
      }
    });

    it('with a larger weight', () => {
      let before = minutesOf({ weight: 0.01 });
      for (const weight of [0.02, 0.05, 0.1, 0.25, 0.5]) {
        const now = minutesOf({ weight });
        now.forEach((minutes, i) => {
          assert.ok(minutes <= (before[i] ?? 0) * (1 + 1 / 60), `${weight}: ${now.join(' ')}`);
        });
        before = now;
      }
    });
  });

  it('tells samples and minutes that belong together, the median before the 95th percentile', () => {
    for (const { untilPromote, untilRollback } of made.guardrails) {
      for (const { median, percentile95, undecided } of [untilPromote, untilRollback]) {
        assert.ok(median !== null && percentile95 !== null && undecided === null);
        assert.equal(median.samples, Math.ceil(150 * median.minutes));
        assert.ok(percentile95.minutes >= median.minutes);
      }
    }
  });

  it('tells round figures of round traffic', () => {
    for (const weight of [0.07, 0.145, 0.29]) {
      const { traffic, guardrails } = plan(defaultPolicy(), { traffic: trafficOf({ weight }) });
      const perMinute = Math.round(3000 * weight);
      assert.equal(traffic.canaryRequestsPerMinute, perMinute);
      const { median } = guardrails[0]?.untilPromote ?? {};
      assert.equal(median?.samples, perMinute * (median?.minutes ?? NaN));
    }
    assert.deepEqual(
      made.guardrails.map(({ healthy, faulty }) => [healthy.quality, faulty.quality]),
      [
        [0.003, 0.02],
        [150, 700],
        [0, 0.25],
        [0, -0.1],
      ],
    );
  });

  it('assumes a quality where none is given, and says which is which', () => {
    assert.deepEqual(
      made.guardrails.map(({ healthy, faulty }) => [healthy.text, faulty.text, healthy.assumed]),
      [
        ['0.3 %', '2 %', true],
        ['p99 150 ms', 'p99 700 ms', true],
        ['PSI 0', 'PSI 0.25', true],
        ['0 % change', '-10 % change', true],
      ],
    );
    const given = plan(only(defaultPolicy(), 'error-rate'), {
      traffic: trafficOf(),
      qualities: qualitiesOf({ 'error-rate': 0.001 }),
    });
    const { healthy, faulty } = guardrailIn(given, 'error-rate');
    assert.deepEqual([healthy.text, healthy.assumed, faulty.assumed], ['0.1 %', false, true]);
  });

  it('splits the false rollbacks over the whole policy, also for one guardrail', () => {
    const alone = plan(only(defaultPolicy(), 'error-rate'), {
      traffic: trafficOf({ requestsPerSecond: 10 }),
    });
    const among = plan(defaultPolicy(), { traffic: trafficOf({ requestsPerSecond: 10 }) });
    const minutes = (of: Plan) => guardrailIn(of, 'error-rate').untilRollback.median?.minutes ?? NaN;
    assert.ok(minutes(alone) < minutes(among));
  });

  it('needs less at a lower confidence, and longer outcomes that vary more', () => {
    const minutes = (of: Plan, name: string) => guardrailIn(of, name).untilPromote.median?.minutes ?? NaN;
    const sure = minutes(made, 'error-rate');
    const quick = plan(policyWith({ confidence: 0.8 }), { traffic: trafficOf() });
    assert.ok(minutes(quick, 'error-rate') < sure);
    const revenue = plan(only(defaultPolicy(), 'business-proxy'), {
      traffic: trafficOf({ requestsPerSecond: 1000, outcomeMean: 20, outcomeDeviation: 60 }),
    });
    const score = plan(only(defaultPolicy(), 'business-proxy'), {
      traffic: trafficOf({ requestsPerSecond: 1000, outcomeMean: 20, outcomeDeviation: 10 }),
    });
    assert.ok(minutes(revenue, 'business-proxy') > 5 * minutes(score, 'business-proxy'));
  });

  it('does not count outcomes that are not recorded', () => {
    const without = plan(defaultPolicy(), { traffic: trafficOf({ outcomesPerRequest: 0 }) });
    const { notMeasured, untilPromote } = guardrailIn(without, 'business-proxy');
    assert.deepEqual([notMeasured, untilPromote.undecided?.code], [true, 'no-data']);
    assert.deepEqual(without.combined.slowest.median, ['error-rate']);
    const asked = policyWith({}, { 'business-proxy': { required: true } });
    const required = plan(asked, { traffic: trafficOf({ outcomesPerRequest: 0 }) });
    assert.equal(required.combined.untilPromote.median, null);
    assert.deepEqual(required.combined.slowest.median, ['business-proxy']);
  });

  it('does not wait for a guardrail that passes while undecided', () => {
    const passing = plan(policyWith({}, { 'business-proxy': { ifUndecided: 'pass' } }), {
      traffic: trafficOf(),
    });
    const proxy = guardrailIn(passing, 'business-proxy');
    assert.deepEqual(proxy.untilPromote, guardrailIn(made, 'business-proxy').untilPromote);
    assert.equal(proxy.untilNotBlocking.median?.minutes, 3);
    assert.deepEqual(passing.combined.slowest.median, ['error-rate']);
  });

  it('plans every kind of guardrail', () => {
    const policy = written({
      guardrails: [
        { name: 'error-ratio', kind: 'error-ratio' },
        { name: 'latency-ratio', kind: 'latency-ratio' },
        { name: 'cut', kind: 'decision-rate', above: 0.8 },
        { name: 'label', kind: 'decision-rate', label: 'fraud' },
        {
          name: 'median',
          kind: 'latency-quantile',
          quantile: 0.5,
          promoteBelow: '50ms',
          rollbackAbove: '100ms',
        },
        {
          name: 'trained',
          kind: 'prediction-drift',
          promoteBelow: 0.1,
          rollbackAbove: 0.2,
          reference: { edges: [0.2, 0.4, 0.6, 0.8], counts: [0.1, 0.2, 0.3, 0.25, 0.15] },
        },
        {
          name: 'labels',
          kind: 'prediction-drift',
          promoteBelow: 0.1,
          rollbackAbove: 0.2,
          reference: { labels: ['a', 'b'], counts: [300, 600, 100] },
        },
        {
          name: 'churn',
          kind: 'business-proxy',
          promoteAbove: '-1%',
          rollbackBelow: '-3%',
          betterWhen: 'lower',
        },
      ],
    });
    const all = plan(policy, {
      traffic: trafficOf({ requestsPerSecond: 500 }),
      qualities: qualitiesOf({}, { label: -0.8 }),
    });
    for (const { name, untilPromote, untilRollback } of all.guardrails) {
      for (const [what, { median, percentile95, undecided }] of Object.entries({
        untilPromote,
        untilRollback,
      })) {
        assert.equal(undecided, null, `${name} ${what}: ${undecided?.text}`);
        assert.ok(median !== null && median.minutes >= 3 && median.minutes <= 60, `${name} ${what}`);
        assert.ok(percentile95 !== null && percentile95.minutes >= median.minutes);
      }
    }
    for (const told of [
      "0.3 % of the stable version's requests fail",
      'request times are lognormal with sigma 1',
      "p50 of the stable version's request times is 37.5 ms",
    ]) {
      assert.equal(all.assumes.filter((text) => text === told).length, 1, all.assumes.join('\n'));
    }
    assert.equal(guardrailIn(all, 'cut').faulty.text, '+100 % change');
    assert.equal(guardrailIn(all, 'error-ratio').faulty.text, '3 x stable');
  });

  it('is an upper bound of the time that 95 of 100 rollouts need', () => {
    // The 5 % quantile of the errors that 95 of 100 canaries exceed: at just that minute they are rolled back.
    const { percentile95 } = guardrailIn(made, 'error-rate').untilRollback;
    const minutes = percentile95?.minutes ?? NaN;
    const judged = 150 * (minutes - 2);
    const spread = normalQuantile(0.95) * Math.sqrt(judged * 0.02 * 0.98);
    const errors = (0.02 * judged - spread) / judged;
    const verdict = (rate: number) =>
      judge(defaultPolicy(), canaryLooks(minutes, { errors: rate }), { guardrail: 'error-rate' }).verdict;
    assert.equal(verdict(errors * 1.02), 'rollback');
    assert.equal(verdict(errors * 0.9), 'hold');
  });

  it('takes the table to the letter in threshold mode, and says so', () => {
    const literal = plan(policyWith({ mode: 'threshold' }), { traffic: trafficOf() });
    assert.equal(guardrailIn(literal, 'error-rate').untilPromote.median?.minutes, 1);
    assert.ok(literal.assumes.some((text) => text.startsWith('threshold mode')));
  });
});
