import assert from 'node:assert/strict';
import { MemoryBudget, shareOf } from '../../src/ingest/index.js';

describe('MemoryBudget', () => {
  it('is taken up to its limit and given back', () => {
    const budget = new MemoryBudget(10);
    assert.equal(budget.take(6), true);
    assert.equal(budget.take(5), false);
    assert.equal(budget.take(4), true);
    budget.giveBack(6);
    assert.equal(budget.held, 4);
    assert.equal(new MemoryBudget(0).take(1), false);
  });

  it('takes nothing from who holds more than a limit that was lowered', () => {
    const budget = new MemoryBudget(10);
    assert.equal(budget.take(8), true);
    budget.limitBytes = 5;
    assert.equal(budget.held, 8);
    assert.equal(budget.take(1), false);
    budget.giveBack(4);
    assert.equal(budget.take(1), true);
  });
});

describe('shareOf', () => {
  it('holds what one body says and gives all of it back', () => {
    const budget = new MemoryBudget(100);
    const [first, second] = [shareOf(budget), shareOf(budget)];
    first.hold(60);
    first.hold(40);
    second.hold(60);
    assert.equal(budget.held, 100);
    first.release();
    first.release();
    assert.equal(budget.held, 60);
  });

  it('refuses what others leave no room for, and what is more than there is, and tells it before', () => {
    let refused = 0;
    const budget = new MemoryBudget(100);
    const share = shareOf(budget, () => {
      refused++;
    });
    shareOf(budget).hold(60);
    assert.throws(
      () => {
        share.hold(41);
      },
      { code: 'unavailable' },
    );
    assert.throws(
      () => {
        share.hold(101);
      },
      { code: 'too-large' },
    );
    assert.equal(refused, 2);
    share.hold(40);
  });
});
