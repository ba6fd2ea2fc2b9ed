import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { array, assert as hold, constantFrom, integer, property, record } from 'fast-check';
import { RoundQueue } from '../../../src/progressive/controller/round-queue.js';
import { WakeTimes } from '../../../src/progressive/controller/wake-times.js';
import { until } from '../../support/until.js';

describe('WakeTimes', () => {
  it('gives what is due in the order of its times, whatever was set, moved and deleted', () => {
    const step = record({
      key: constantFrom('a', 'b', 'c', 'd', 'e'),
      atMs: integer({ min: 0, max: 20 }),
      what: constantFrom('set', 'set', 'set', 'delete', 'take'),
    });
    hold(
      property(array(step, { maxLength: 60 }), (steps) => {
        const times = new WakeTimes();
        const expected = new Map<string, number>();
        for (const { key, atMs, what } of steps) {
          if (what === 'set') {
            times.set(key, atMs);
            expected.set(key, atMs);
          } else if (what === 'delete') {
            times.delete(key);
            expected.delete(key);
          } else {
            const due = [...expected].filter(([, at]) => at <= atMs).sort((a, b) => a[1] - b[1]);
            const taken = times.takeDue(atMs);
            assert.deepEqual([...taken].sort(), due.map(([name]) => name).sort());
            const order = taken.map((name) => expected.get(name) ?? 0);
            assert.deepEqual(
              order,
              [...order].sort((a, b) => a - b),
            );
            for (const [name] of due) expected.delete(name);
          }
          assert.equal(times.size, expected.size);
          const soonest = Math.min(...expected.values());
          assert.equal(times.soonestMs, expected.size === 0 ? undefined : soonest);
        }
      }),
    );
  });
});

describe('RoundQueue', () => {
  it('makes one round of each at a time, and so many of all', async () => {
    const running = new Map<string, number>();
    let most = 0;
    let mostOfOne = 0;
    let rounds = 0;
    const queue = new RoundQueue({
      concurrency: 3,
      now: () => 0,
      round: async (key) => {
        running.set(key, (running.get(key) ?? 0) + 1);
        most = Math.max(
          most,
          [...running.values()].reduce((sum, one) => sum + one, 0),
        );
        mostOfOne = Math.max(mostOfOne, running.get(key) ?? 0);
        await pause(1);
        running.set(key, (running.get(key) ?? 0) - 1);
        rounds += 1;
        return undefined;
      },
    });
    for (let time = 0; time < 20; time += 1) {
      for (let key = 0; key < 10; key += 1) queue.wake(`r${key}`);
      await pause(1);
    }
    await queue.stop();
    assert.deepEqual([most, mostOfOne], [3, 1]);
    assert.ok(rounds >= 10);
  });

  it('makes another round of what was woken during one', async () => {
    let rounds = 0;
    const queue = new RoundQueue({
      concurrency: 1,
      now: () => 0,
      round: () => {
        rounds += 1;
        if (rounds === 1) queue.wake('a');
        return Promise.resolve(undefined);
      },
    });
    queue.wake('a');
    await until(() => rounds === 2);
    await queue.stop();
    assert.equal(rounds, 2);
  });

  it('wakes by the soonest time that was asked for, by the clock that it is given', async () => {
    let nowMs = 0;
    const made: number[] = [];
    const queue = new RoundQueue({
      concurrency: 1,
      now: () => nowMs,
      tickMs: 1,
      round: () => {
        made.push(nowMs);
        return Promise.resolve(made.length < 2 ? nowMs + 500 : undefined);
      },
    });
    queue.wakeBy('a', 1000);
    queue.wakeBy('a', 300);
    queue.wakeBy('a', 700);
    await pause(5);
    assert.deepEqual(made, []);
    nowMs = 300;
    await until(() => made.length === 1);
    nowMs = 799;
    await pause(5);
    assert.equal(made.length, 1);
    nowMs = 800;
    await until(() => made.length === 2);
    await queue.stop();
  });

  it('holds up nobody where the clock is set back', async () => {
    let nowMs = 10_000;
    const made: string[] = [];
    const queue = new RoundQueue({
      concurrency: 1,
      now: () => nowMs,
      tickMs: 1,
      round: (key) => {
        made.push(`${key} ${nowMs}`);
        return Promise.resolve(nowMs + 500);
      },
    });
    queue.wakeBy('a', 10_200);
    queue.wakeBy('b', 10_400);
    nowMs = 0;
    await until(() => made.length === 2);
    await pause(5);
    assert.deepEqual(made, ['a 0', 'b 0'], 'once each, then as planned by the clock as it is');
    nowMs = 500;
    await until(() => made.length === 4);
    await queue.stop();
  });

  it('forgets, also what a round under way answers', async () => {
    let nowMs = 0;
    let rounds = 0;
    const queue = new RoundQueue({
      concurrency: 1,
      now: () => nowMs,
      tickMs: 1,
      round: async (key) => {
        rounds += 1;
        queue.forget(key);
        await pause(1);
        return 10;
      },
    });
    queue.wake('a');
    queue.wakeBy('b', 5);
    queue.forget('b');
    await until(() => rounds === 1);
    nowMs = 100;
    await pause(20);
    await queue.stop();
    assert.equal(rounds, 1);
  });
});
