import assert from 'node:assert/strict';
import { builtInPolicies, defaultPolicy, plan } from '../../../src/judge/index.js';
import { only, policyWith } from '../../support/judging.js';
import { qualitiesOf, trafficOf } from '../../support/planning.js';

/** Why a guardrail of the default policy with some settings does not decide. */
function why(
  name: string,
  direction: 'untilPromote' | 'untilRollback',
  {
    settings = {},
    traffic = {},
    quality,
  }: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly traffic?: Parameters<typeof trafficOf>[0];
    readonly quality?: number;
  },
) {
  const policy = only(policyWith({}, { [name]: settings }), name);
  const given = quality === undefined ? {} : { [name]: quality };
  const qualities = direction === 'untilPromote' ? qualitiesOf(given) : qualitiesOf({}, given);
  const [guardrail] = plan(policy, { traffic: trafficOf(traffic), qualities }).guardrails;
  const wait = guardrail?.[direction];
  assert.equal(wait?.percentile95, null);
  return { code: wait.undecided?.code, text: wait.undecided?.text ?? '', median: wait.median };
}

describe('why a plan does not decide', () => {
  it('names a quality between the thresholds', () => {
    for (const [name, quality, text] of [
      ['error-rate', 0.007, '0.7 %'],
      ['latency-p99', 300, 'p99 300 ms'],
      ['prediction-drift', 0.15, 'PSI 0.15'],
      ['business-proxy', -0.02, '-2 % change'],
    ] as const) {
      for (const direction of ['untilPromote', 'untilRollback'] as const) {
        const told = why(name, direction, { quality });
        assert.deepEqual([told.code, told.median], ['between-thresholds', null], name);
        assert.ok(told.text.startsWith(`${text} lies between the two thresholds`), told.text);
      }
    }
  });

  it('says that a week is not enough, and what helps', () => {
    const traffic = { requestsPerSecond: 0.02 };
    const promote = why('business-proxy', 'untilPromote', { traffic });
    assert.deepEqual([promote.code, promote.median], ['longer-than-a-week', null]);
    assert.match(
      promote.text,
      /more than a week at 0\.06 canary requests a minute.*larger weight.*ifUndecided/,
    );
    const rollback = why('business-proxy', 'untilRollback', { traffic });
    assert.equal(rollback.code, 'longer-than-a-week');
    assert.doesNotMatch(rollback.text, /ifUndecided/);
  });

  it('says so where only unlucky canaries need more than a week', () => {
    const told = why('error-rate', 'untilPromote', { quality: 0.00495 });
    assert.equal(told.code, 'longer-than-a-week');
    assert.ok(told.median !== null);
  });

  it('names the bounds that a histogram lacks', () => {
    const told = why('latency-p99', 'untilPromote', {
      settings: { promoteBelow: '210ms' },
      traffic: { latencyBoundsMs: [50, 100, 500, 1000] },
      quality: 208,
    });
    assert.equal(told.code, 'buckets-too-coarse');
    assert.match(told.text, /add a bound at 210 ms/);
    const beyond = why('latency-p99', 'untilRollback', { traffic: { latencyBoundsMs: [50, 100, 200] } });
    assert.equal(beyond.code, 'buckets-too-coarse');
    assert.match(beyond.text, /add a bound at 500 ms/);
    // Of so coarse a histogram the judge says that the stable version breaches as well.
    for (const direction of ['untilPromote', 'untilRollback'] as const) {
      const wide = why('latency-p99', direction, { traffic: { latencyBoundsMs: [50, 1000] } });
      assert.equal(wide.code, 'buckets-too-coarse');
      assert.match(wide.text, /add a bound at 200 ms and at 500 ms/);
    }
  });

  it('does not advise what is so already', () => {
    const traffic = { requestsPerSecond: 0.001, weight: 0.6 };
    const { text } = why('error-rate', 'untilPromote', { traffic, settings: { ifUndecided: 'pass' } });
    assert.match(text, /what helps: more traffic, limits further apart$/);
  });

  it('tells what chance does in a short window from what time would mend', () => {
    const policy = builtInPolicies.get('plain-loop');
    assert.ok(policy !== undefined);
    const [errors] = plan(only(policy, 'error-rate'), { traffic: trafficOf() }).guardrails;
    const { median, percentile95, undecided } = errors?.untilPromote ?? {};
    assert.deepEqual([median?.minutes, percentile95], [1, null]);
    assert.equal(undecided?.code, 'other-verdict');
    assert.match(
      undecided.text,
      /^by chance alone more than 5 in 100 looks at a canary of 0\.6 % say rollback;/,
    );
  });

  it('names the policy where a breach holds', () => {
    const held = why('prediction-drift', 'untilRollback', { settings: { onBreach: 'hold' } });
    assert.equal(held.code, 'on-breach-hold');
    assert.match(held.text, /onBreach: hold/);
  });

  it('says that a canary of this quality gets the other verdict', () => {
    const good = why('error-rate', 'untilRollback', { quality: 0.001 });
    assert.deepEqual([good.code, good.text], ['other-verdict', 'a canary of 0.1 % is promoted']);
    const bad = why('prediction-drift', 'untilPromote', { quality: 0.5 });
    assert.deepEqual([bad.code, bad.text], ['other-verdict', 'a canary of PSI 0.5 is rolled back']);
  });

  it('repeats the reason of the judge where it has another one', () => {
    // A stable version as bad as that is taken for a shared incident, and no sentence ends twice.
    const both = why('error-rate', 'untilPromote', { quality: 0.03 });
    assert.equal(both.code, 'cannot-be-judged');
    assert.match(both.text, /stable version breaches/);
    assert.ok(!both.text.endsWith('.'), both.text);
    const [guardrail] = plan(only(defaultPolicy(), 'business-proxy'), {
      traffic: trafficOf({ routing: 'selected' }),
    }).guardrails;
    const { undecided } = guardrail?.untilPromote ?? {};
    assert.equal(undecided?.code, 'cannot-be-judged');
    assert.equal(undecided.text, 'selected requests cannot be compared with those of the stable version');
  });
});
