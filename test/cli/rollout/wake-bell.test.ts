import assert from 'node:assert/strict';
import { WakeBell } from '../../../src/cli/rollout/wake-bell.js';

const isSettled = async (promise: Promise<void>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

describe('WakeBell', () => {
  it('wakes whoever waits', async () => {
    const bell = new WakeBell();
    const waiting = bell.next();
    assert.equal(await isSettled(waiting), false);
    bell.ring();
    assert.equal(await isSettled(waiting), true);
    assert.equal(await isSettled(bell.next()), false);
  });

  it('is heard by the next where nobody waited, once', async () => {
    const bell = new WakeBell();
    bell.ring();
    bell.ring();
    assert.equal(await isSettled(bell.next()), true);
    assert.equal(await isSettled(bell.next()), false);
  });
});
