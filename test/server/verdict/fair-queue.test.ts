import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FairQueue } from '../../../src/server/verdict/fair-queue.js';

const never = new AbortController().signal;

describe('FairQueue', () => {
  it('runs as many at a time as it may, and every piece in a turn of its own', async () => {
    const queue = new FairQueue(2);
    let running = 0;
    let most = 0;
    let turns = 0;
    const counting = new AbortController();
    const counter = (async () => {
      while (!counting.signal.aborted) {
        turns++;
        await nextTurn();
      }
    })();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        queue.run('a', never, async () => {
          most = Math.max(most, ++running);
          await nextTurn();
          running--;
          return index;
        }),
      ),
    );
    counting.abort();
    await counter;
    assert.deepEqual(
      results,
      Array.from({ length: 20 }, (_, index) => index),
    );
    assert.equal(most, 2);
    // Others had their turns between the pieces, of which two may start in one.
    assert.ok(turns >= 10, String(turns));
  });

  it('lets those who ask take turns', async () => {
    const queue = new FairQueue(1);
    const done: string[] = [];
    const ask = (asker: string, what: string) =>
      queue.run(asker, never, () => {
        done.push(what);
        return Promise.resolve();
      });
    await Promise.all([
      ...['a1', 'a2', 'a3', 'a4'].map((what) => ask('a', what)),
      ...['b1', 'b2'].map((what) => ask('b', what)),
      ask('c', 'c1'),
    ]);
    assert.deepEqual(done, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('does not begin what nobody waits for any more, and goes on after a piece that fails', async () => {
    const queue = new FairQueue(1);
    const controller = new AbortController();
    let begun = false;
    const first = queue.run('a', never, async () => {
      await nextTurn();
      throw new Error('failed');
    });
    const second = queue.run('a', controller.signal, () => {
      begun = true;
      return Promise.resolve();
    });
    const third = queue.run('a', never, () => Promise.resolve('third'));
    controller.abort(new Error('too late'));
    await assert.rejects(first, /failed/);
    await assert.rejects(second, /too late/);
    assert.equal(await third, 'third');
    assert.equal(begun, false);
  });
});
