import assert from 'node:assert/strict';
import { until } from '../../support/until.js';
import { WriteQueue, type GroupLimits } from '../../../src/sources/ledger/write-queue.js';

/** A place where groups are written, one after the other or at the same time, and what it was given. */
class Written {
  readonly groups: (readonly number[])[] = [];
  /** Items that cannot be written; a group with one of them fails as a whole. */
  readonly refused = new Set<number>();
  separable = true;
  forAll = false;
  keys: ((item: number) => readonly string[]) | undefined;
  /** What the next group waits for. */
  held: Promise<void> | undefined;
  atOnce = 0;
  mostAtOnce = 0;

  queue(limits: Partial<GroupLimits> = {}): WriteQueue<number, string> {
    return new WriteQueue<number, string>(
      {
        write: (items) => this.#write(items),
        weight: (item) => item,
        isSeparable: () => this.separable,
        isForAll: () => this.forAll,
        ...(this.keys === undefined ? {} : { keys: this.keys }),
      },
      { lanes: 1, items: 64, weight: Infinity, ...limits },
    );
  }

  async #write(items: readonly number[]): Promise<readonly string[]> {
    this.groups.push(items);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await (this.held ?? new Promise(setImmediate));
    this.atOnce--;
    if (items.some((item) => this.refused.has(item))) throw new Error('one of them cannot be written');
    return items.map((item) => `wrote ${item}`);
  }
}

describe('WriteQueue', () => {
  it('writes together what waits together, and gives everyone its own answer', async () => {
    const written = new Written();
    const queue = written.queue();
    const first = await Promise.all([1, 2, 3].map((item) => queue.add(item)));
    assert.deepEqual(first, ['wrote 1', 'wrote 2', 'wrote 3']);
    assert.equal(await queue.add(4), 'wrote 4');
    assert.deepEqual(written.groups, [[1, 2, 3], [4]]);
  });

  it('writes each alone where one of them spoils the group, and tells only that one', async () => {
    const written = new Written();
    written.refused.add(2);
    const queue = written.queue();
    const results = await Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
    assert.deepEqual(
      results.map((result) => result.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(written.groups, [[1, 2, 3], [1], [2], [3]]);
  });

  it('tells all of them at once where none is the cause', async () => {
    const written = new Written();
    written.refused.add(2);
    written.separable = false;
    const queue = written.queue();
    const results = await Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
    assert.ok(results.every((result) => result.status === 'rejected'));
    assert.deepEqual(written.groups, [[1, 2, 3]]);
    assert.equal(await queue.add(4), 'wrote 4');
  });

  it('keeps groups small, by items and by weight; what is heavy has a group of its own', async () => {
    const written = new Written();
    const byItems = written.queue({ items: 2 });
    await Promise.all([1, 2, 3].map((item) => byItems.add(item)));
    assert.deepEqual(written.groups, [[1, 2], [3]]);
    written.groups.length = 0;
    const byWeight = written.queue({ weight: 10 });
    await Promise.all([4, 5, 6, 100, 1].map((item) => byWeight.add(item)));
    assert.deepEqual(written.groups, [[4, 5], [6], [100], [1]]);
  });

  it('writes no more groups at the same time than it has lanes', async () => {
    const written = new Written();
    const queue = written.queue({ lanes: 2, items: 1 });
    await Promise.all(Array.from({ length: 10 }, (_, item) => queue.add(item)));
    assert.equal(written.mostAtOnce, 2);
    assert.equal(written.groups.length, 10);
  });

  it('writes together and one after the other what waits for the same, and lets the rest pass', async () => {
    const written = new Written();
    written.keys = (item) => [String(item % 10)];
    const queue = written.queue({ lanes: 2 });
    const order: string[] = [];
    const add = (item: number) => queue.add(item).then((answer) => void order.push(answer));
    await Promise.all([11, 21, 12, 31, 13, 22].map(add));
    assert.deepEqual(written.groups, [[11, 21, 31], [12, 22], [13]]);
    assert.equal(written.mostAtOnce, 2);
    written.groups.length = 0;
    // While one group is written, what waits for the same waits, although there is another lane.
    let goOn = (): void => undefined;
    written.held = new Promise((resolve) => (goOn = resolve));
    const first = queue.add(11);
    await until(() => written.groups.length === 1);
    written.held = undefined;
    const second = queue.add(21);
    assert.equal(await queue.add(12), 'wrote 12');
    goOn();
    await Promise.all([first, second]);
    assert.deepEqual(written.groups, [[11], [12], [21]]);
  });

  describe('where items take hold of several things', () => {
    /** The digits of an item are what it takes hold of. */
    function held(limits: Partial<GroupLimits> = {}) {
      const written = new Written();
      written.keys = (item) => [...new Set(String(item))];
      let letGo = (): void => undefined;
      written.held = new Promise((resolve) => (letGo = resolve));
      return { written, queue: written.queue({ lanes: 3, ...limits }), letGo };
    }

    it('lets an item wait that has one thing in common with what is written', async () => {
      const { written, queue, letGo } = held();
      const all = [queue.add(12)];
      await until(() => written.groups.length === 1);
      all.push(queue.add(23), queue.add(13), queue.add(34));
      await until(() => written.groups.length === 2);
      assert.deepEqual(written.groups, [[12], [34]]);
      letGo();
      await Promise.all(all);
      assert.deepEqual(written.groups, [[12], [34], [23], [13]]);
    });

    it('writes an item together with one that has all that it has', async () => {
      const { written, queue, letGo } = held();
      letGo();
      await Promise.all([12, 1, 2, 21, 3].map((item) => queue.add(item)));
      assert.deepEqual(written.groups, [[12, 1, 2, 21], [3]]);
    });

    it('lets nobody be passed for ever', async () => {
      const written = new Written();
      written.keys = (item) => [...new Set(String(item))];
      const queue = written.queue({ lanes: 2, items: 1 });
      // There is always somebody who holds the 1, and somebody else who holds the 2.
      let both = '';
      const busy = async (item: number) => {
        while (both === '') await queue.add(item);
      };
      const others = [busy(1), busy(1), busy(2), busy(2)];
      await until(() => written.mostAtOnce === 2);
      both = await queue.add(12);
      await Promise.all(others);
      assert.equal(both, 'wrote 12');
    });

    it('opens its lanes again for what waited behind one item', async () => {
      const { written, queue, letGo } = held();
      const all = [queue.add(123)];
      await until(() => written.groups.length === 1);
      all.push(...[1, 2, 3].map((item) => queue.add(item)));
      let letAllGo = (): void => undefined;
      written.held = new Promise((resolve) => (letAllGo = resolve));
      letGo();
      await until(() => written.groups.length === 4);
      letAllGo();
      await Promise.all(all);
      assert.equal(written.mostAtOnce, 3);
    });

    it('keeps a lane free of what is heavy', async () => {
      const { written, queue, letGo } = held({ weight: 100 });
      const all = [queue.add(111), queue.add(222), queue.add(333)];
      await until(() => written.groups.length === 2);
      all.push(queue.add(4));
      await until(() => written.groups.length === 3);
      assert.deepEqual(written.groups, [[111], [222], [4]]);
      letGo();
      await Promise.all(all);
    });
  });

  it('tells those that wait as well where a failure means them all', async () => {
    const written = new Written();
    written.refused.add(1);
    written.separable = false;
    written.forAll = true;
    const queue = written.queue({ items: 1 });
    const results = await Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
    assert.ok(results.every((result) => result.status === 'rejected'));
    assert.deepEqual(written.groups, [[1]]);
    assert.equal(await queue.add(4), 'wrote 4');
  });

  it('finishes what it has when it is closed, and takes no more', async () => {
    const written = new Written();
    const queue = written.queue();
    const running = queue.add(1);
    const closing = queue.close();
    await assert.rejects(queue.add(2), { code: 'unavailable' });
    assert.equal(await running, 'wrote 1');
    await closing;
  });
});
