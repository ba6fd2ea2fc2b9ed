import assert from 'node:assert/strict';
import { builtInPolicies, defaultPolicy, plan } from '../../../src/judge/index.js';
import { only } from '../../support/judging.js';
import { trafficOf } from '../../support/planning.js';

const policy = only(defaultPolicy(), 'error-rate', 'latency-p99', 'prediction-drift');
const smallestWithin = (withinSeconds: number) =>
  plan(policy, { traffic: trafficOf(), withinSeconds }).smallestWeight;

describe('smallest weight', () => {
  for (const minutes of [6, 10, 30]) {
    it(`promotes within ${minutes} minutes, and one percent less does not`, () => {
      const smallest = smallestWithin(minutes * 60);
      assert.ok(smallest !== undefined);
      for (const figure of ['median', 'percentile95'] as const) {
        const weight = smallest[figure];
        assert.ok(weight !== null && weight > 0.01, figure);
        const after = (share: number) =>
          plan(policy, { traffic: trafficOf({ weight: share }) }).combined.untilPromote[figure] ?? Infinity;
        assert.ok(after(weight) <= minutes, figure);
        assert.ok(after(weight - 0.01) > minutes, figure);
      }
    });
  }

  it('is none where the warm-up alone takes as long', () => {
    assert.deepEqual(smallestWithin(180), { withinSeconds: 180, median: null, percentile95: null });
  });

  it('is the smallest there is where time is plenty', () => {
    assert.deepEqual(smallestWithin(7 * 86_400), {
      withinSeconds: 604_800,
      median: 0.01,
      percentile95: 0.01,
    });
  });

  it('is found for a policy that looks at the last minutes only', () => {
    const loop = builtInPolicies.get('plain-loop');
    assert.ok(loop !== undefined);
    const within = (minutes: number) =>
      plan(only(loop, 'error-rate'), { traffic: trafficOf(), withinSeconds: minutes * 60 }).smallestWeight;
    const smallest = within(10);
    assert.ok(smallest?.median === 0.01 && smallest.percentile95 !== null);
    assert.deepEqual(within(5000), { ...smallest, withinSeconds: 300_000 });
  });

  it('does not wait for what the judge leaves out', () => {
    const traffic = trafficOf({ routing: 'selected' });
    const { guardrails, combined, smallestWeight } = plan(defaultPolicy(), { traffic, withinSeconds: 3600 });
    assert.deepEqual(
      guardrails.filter(({ notMeasured }) => notMeasured).map(({ name }) => name),
      ['prediction-drift', 'business-proxy'],
    );
    assert.deepEqual(combined.slowest.median, ['error-rate']);
    assert.ok(smallestWeight?.median !== null);
  });

  it('is told only where a time is given', () => {
    assert.equal(plan(policy, { traffic: trafficOf() }).smallestWeight, undefined);
  });
});
