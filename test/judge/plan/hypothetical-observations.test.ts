import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hypotheticalObservations, lookMinutes } from '../../../src/judge/plan/hypothetical-observations.js';
import { plannedArm } from '../../../src/judge/plan/planned-arm.js';
import { sum } from '../../../src/statistics/sums.js';
import { trafficOf } from '../../support/planning.js';

const arms = { canary: plannedArm({ errors: 0.02 }), stable: plannedArm({ errors: 0.003 }) };
const observed = (minutes: number, policy: { warmUpSeconds?: number; windowSeconds?: number } = {}) =>
  hypotheticalObservations(arms, trafficOf(), minutes, { warmUpSeconds: 120, ...policy });
const spans = (...given: Parameters<typeof observed>) =>
  observed(...given).looks.map(({ startMs, endMs }) => (endMs - startMs) / 60_000);

describe('hypothetical observations', () => {
  it('have the counts that the traffic expects, in looks without gaps, few of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_080 }), (minutes) => {
        const { looks } = observed(minutes);
        assert.ok(looks.length <= 240, String(looks.length));
        assert.equal((looks.at(-1)?.endMs ?? 0) - (looks[0]?.startMs ?? 0), minutes * 60_000);
        looks.forEach((look, i) => {
          if (i > 0) assert.equal(look.startMs, looks[i - 1]?.endMs);
        });
        const total = (of: (look: (typeof looks)[number]) => number | undefined) =>
          sum(looks.map((look) => of(look) ?? NaN));
        const near = (actual: number, expected: number) => {
          assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual} is not ${expected}`);
        };
        near(
          total((look) => look.canary?.requests),
          150 * minutes,
        );
        near(
          total((look) => look.stable?.requests),
          2850 * minutes,
        );
        near(
          total((look) => look.canary?.errors),
          3 * minutes,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('are minutes up to two hours, and begin with minutes beyond', () => {
    assert.deepEqual([...new Set(spans(120))], [1]);
    assert.deepEqual(
      [lookMinutes(1), lookMinutes(120), lookMinutes(121), lookMinutes(10_080)],
      [1, 1, 2, 128],
    );
    const week = spans(10_080);
    assert.ok(week.slice(0, 16).every((minutes) => minutes === 1));
    assert.equal(week.at(-1), 128);
    const warm = spans(10_080, { warmUpSeconds: 3600 });
    assert.ok(warm.slice(0, 60).every((minutes) => minutes === 1));
  });

  it('are minutes in the window that a policy looks at', () => {
    for (const minutes of [121, 200, 1000, 10_080]) {
      const lengths = spans(minutes, { windowSeconds: 300 });
      assert.ok(lengths.slice(-5).every((length) => length === 1));
      assert.equal(sum(lengths), minutes);
    }
    for (const windowMinutes of [1, 120, 360, 1439, 5000]) {
      const { looks } = observed(10_080, { windowSeconds: windowMinutes * 60 });
      const startMs = (looks.at(-1)?.endMs ?? NaN) - windowMinutes * 60_000;
      const inside = looks.filter((look) => look.startMs >= startMs);
      const minutes = sum(inside.map((look) => (look.endMs - look.startMs) / 60_000));
      assert.ok(minutes <= windowMinutes && minutes > (59 / 60) * windowMinutes, `${minutes}`);
      assert.ok(looks.length <= 360, String(looks.length));
    }
  });
});
