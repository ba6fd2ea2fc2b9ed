import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canaryLife, type LifeRules, type Traffic } from '../../../src/sources/looks/canary-life.js';

const rules: LifeRules = { endMinute: 1000, rollbackMinutes: [], restartGapMinutes: 10 };

/** Traffic of so many requests in each of the minutes from and to, both included. */
function traffic(...runs: readonly (readonly [from: number, to: number, requests: number])[]): Traffic {
  const minutes = new Map<number, number>();
  for (const [from, to, requests] of runs) {
    for (let minute = from; minute <= to; minute++) minutes.set(minute, requests);
  }
  return minutes;
}

describe('canaryLife', () => {
  it('has no first minute without traffic', () => {
    assert.deepEqual(canaryLife(new Map(), new Map(), rules), { firstMinute: undefined, restarts: [] });
  });

  it('asks for a gap of more than ten minutes', () => {
    const stable = traffic([0, 60, 1000]);
    const gapOf = (minutes: number) => canaryLife(traffic([0, 5, 10], [6 + minutes, 30, 10]), stable, rules);
    assert.equal(gapOf(10).firstMinute, 0);
    assert.deepEqual(gapOf(11), { firstMinute: 17, restarts: [{ minute: 17, because: 'gap' }] });
  });

  it('asks for stable traffic that would have meant ten canary requests at the share before the gap', () => {
    // 10 of 100 requests went to the canary: 99 stable requests in the gap mean 9.9, 100 mean 10.
    const canary = traffic([0, 9, 10], [40, 45, 10]);
    const stableWith = (requests: number) => traffic([0, 9, 90], [20, 20, requests], [40, 45, 90]);
    assert.equal(canaryLife(canary, stableWith(99), rules).firstMinute, 0);
    assert.equal(canaryLife(canary, stableWith(100), rules).firstMinute, 40);
  });

  it('takes the share from the last thirty minutes before the gap', () => {
    // Long at 1 %, then half an hour at 50 %.
    const canary = traffic([0, 99, 1], [100, 129, 50], [160, 165, 50]);
    const stable = traffic([0, 99, 99], [100, 129, 50], [140, 140, 20], [160, 165, 50]);
    assert.equal(canaryLife(canary, stable, rules).firstMinute, 160);
  });

  it('knows no gap without a stable version', () => {
    assert.equal(canaryLife(traffic([0, 5, 10], [500, 505, 10]), new Map(), rules).firstMinute, 0);
  });

  it('takes no gap at the end for a restart: the canary may just be silent', () => {
    const life = canaryLife(traffic([0, 5, 10]), traffic([0, 900, 100]), rules);
    assert.deepEqual(life, { firstMinute: 0, restarts: [] });
  });

  it('ends with one silent minute after a rollback', () => {
    const rolledBack = { ...rules, rollbackMinutes: [4] };
    const canary = traffic([0, 5, 10], [7, 9, 10]);
    assert.deepEqual(canaryLife(canary, new Map(), { ...rolledBack, endMinute: 10 }), {
      firstMinute: 7,
      restarts: [{ minute: 7, because: 'rollback-verdict' }],
    });
    assert.deepEqual(canaryLife(canary, new Map(), { ...rolledBack, endMinute: 6 }), {
      firstMinute: 0,
      restarts: [],
    });
    assert.deepEqual(canaryLife(canary, new Map(), { ...rolledBack, endMinute: 7 }), {
      firstMinute: undefined,
      restarts: [{ minute: undefined, because: 'rollback-verdict' }],
    });
  });

  it('goes on where the silence came before the rollback', () => {
    const canary = traffic([0, 5, 10], [8, 20, 10]);
    const life = canaryLife(canary, new Map(), { ...rules, rollbackMinutes: [9], endMinute: 21 });
    assert.equal(life.firstMinute, 0);
  });

  it('lets a rollback end one life only', () => {
    const canary = traffic([0, 5, 10], [7, 9, 10], [11, 12, 10]);
    const life = canaryLife(canary, new Map(), { ...rules, rollbackMinutes: [4], endMinute: 13 });
    assert.equal(life.firstMinute, 7);
    assert.equal(life.restarts.length, 1);
  });

  it('counts every restart', () => {
    const canary = traffic([0, 5, 10], [7, 9, 10], [40, 45, 10]);
    const life = canaryLife(canary, traffic([0, 45, 100]), { ...rules, rollbackMinutes: [3], endMinute: 46 });
    assert.deepEqual(
      life.restarts.map((restart) => restart.because),
      ['rollback-verdict', 'gap'],
    );
    assert.equal(life.firstMinute, 40);
  });

  it('begins with canary traffic, and holds no silent minute after a rollback of its own', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { maxLength: 60 });
    const rollbacks = fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { maxLength: 3 });
    fc.assert(
      fc.property(minutes, minutes, rollbacks, (canaryMinutes, stableMinutes, rollbackMinutes) => {
        const canary = new Map(canaryMinutes.map((minute) => [minute, 3]));
        const stable = new Map(stableMinutes.map((minute) => [minute, 30]));
        const life = canaryLife(canary, stable, { ...rules, endMinute: 81, rollbackMinutes });
        for (const { minute } of life.restarts) assert.ok(minute === undefined || canary.has(minute));
        const { firstMinute } = life;
        if (firstMinute === undefined) return;
        assert.ok(canary.has(firstMinute));
        for (const rollback of rollbackMinutes.filter((minute) => minute > firstMinute)) {
          for (let minute = rollback; minute < 81; minute++) assert.ok(canary.has(minute));
        }
      }),
      { numRuns: 500 },
    );
  });
});
