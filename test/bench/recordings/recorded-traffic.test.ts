import assert from 'node:assert/strict';
import type { ArmCounts, Observations } from '../../../src/domain/observations.js';
import { shippedRecording } from '../../cli/support/recordings.js';
import { RecordedTraffic } from './recorded-traffic.js';
import { routing, splitPlans } from './split-plans.js';

describe('recorded traffic', () => {
  const recording = shippedRecording();
  const traffic = new RecordedTraffic(recording);

  it('gives every request of the champion to one arm, in its look', () => {
    for (const [table, plan] of splitPlans.entries()) {
      const observations = traffic.split(plan, routing(table, 3));
      const whole = traffic.split({ ...plan, parts: 1 }, routing(table, 3));
      assert.equal(whole.looks.length, recording.looks);
      for (const [index, look] of whole.looks.entries()) {
        const recorded = recording.requests.filter(({ look: number }) => number === index + 1);
        const requests = (look.canary?.requests ?? 0) + (look.stable?.requests ?? 0);
        assert.equal(requests, recorded.length);
        // Five standard deviations of a routing that keeps to its weight.
        const expected = recorded.length * plan.weightOf(index + 1);
        assert.ok(Math.abs((look.canary?.requests ?? 0) - expected) < 5 * Math.sqrt(expected));
      }
      assert.deepEqual(totalsOf(observations), totalsOf(whole));
      assert.equal(observations.looks.length, recording.looks + plan.cutLooks * (plan.parts - 1));
      for (const [index, { startMs }] of observations.looks.entries()) {
        assert.ok(index === 0 || startMs === observations.looks[index - 1]?.endMs);
      }
    }
  });

  it('splits otherwise every time, and the same way again', () => {
    const [plan] = splitPlans;
    assert.ok(plan !== undefined);
    const canaries = [0, 0, 1, 2].map(
      (split) => totalsOf(traffic.split({ ...plan, parts: 1 }, routing(0, split))).canary.caught,
    );
    assert.equal(canaries[0], canaries[1]);
    assert.equal(new Set(canaries).size, 3);
  });

  it('has the champion alone before the canary', () => {
    const [plan] = splitPlans;
    assert.ok(plan !== undefined);
    const { before, looks } = traffic.split(plan, () => false);
    assert.equal(before.length, recording.beforeLooks);
    assert.equal(before.at(-1)?.endMs, looks[0]?.startMs);
    const served = before.reduce((total, { stable }) => total + stable.requests, 0);
    assert.equal(served, recording.requests.filter(({ look }) => look < 0).length);
  });

  it('has a candidate answer as it was recorded', () => {
    for (const candidate of recording.candidates) {
      const { canary } = totalsOf(traffic.candidate(candidate, { cutLooks: 3, parts: 6 }));
      const asked = recording.requests.filter(
        ({ look, bucket }) =>
          look > 0 && look <= candidate.looks && bucket < Math.round(recording.weightOf(look) * 100),
      );
      const answers = asked.map(({ champion, late }, index) => ({
        ...(candidate.answers?.[index] ?? champion),
        late,
      }));
      const flagged = answers.filter(({ score }) => score !== undefined && score >= candidate.cut);
      assert.deepEqual(canary, {
        requests: asked.length,
        errors: answers.filter(({ score }) => score === undefined).length,
        flagged: flagged.length,
        caught: flagged.filter(({ late }) => late).length,
      });
    }
  });
});

function totalsOf({ looks }: Observations) {
  const totals = (arm: 'canary' | 'stable') => {
    const sum = (read: (counts: ArmCounts) => number) =>
      looks.reduce((total, look) => total + (look[arm] === undefined ? 0 : read(look[arm])), 0);
    return {
      requests: sum(({ requests }) => requests),
      errors: sum(({ errors }) => errors),
      flagged: sum(({ outcomes }) => outcomes.get('hit-rate')?.count ?? 0),
      caught: sum(({ outcomes }) => outcomes.get('caught')?.sum ?? 0),
    };
  };
  return { canary: totals('canary'), stable: totals('stable') };
}
