import assert from 'node:assert/strict';
import { LostHalves } from '../../../src/ingest/events/lost-halves.js';

const windowMs = 1000;

describe('LostHalves', () => {
  it('excuses each lost response once, within two windows', () => {
    const lost = new LostHalves();
    lost.add('v1', windowMs, 0);
    lost.add('v1', windowMs, 900);
    assert.equal(lost.take('v2', windowMs, 900), false);
    assert.equal(lost.take('v1', windowMs, 1500), true);
    assert.equal(lost.take('v1', windowMs, 1500), true);
    assert.equal(lost.take('v1', windowMs, 1500), false);
    lost.add('v1', windowMs, 2000);
    assert.equal(lost.take('v1', windowMs, 4000), false);
  });

  it('remembers a bounded number of versions and forgets the oldest', () => {
    const lost = new LostHalves();
    for (let number = 0; number < 30_000; number++) {
      lost.add(`v${number}`, windowMs, 0);
      // Heard of again and again, so never the oldest.
      if (number % 100 === 0) lost.add('busy', windowMs, 0);
    }
    assert.equal(lost.size, 10_000);
    assert.equal(lost.take('v0', windowMs, 0), false);
    assert.equal(lost.take('v29999', windowMs, 0), true);
    assert.equal(lost.take('busy', windowMs, 0), true);
  });

  it('forgets versions of which nothing was heard for a time', () => {
    const lost = new LostHalves();
    lost.add('v1', windowMs, 0);
    lost.add('v2', windowMs, 5000);
    lost.sweep(4000, 5000);
    assert.equal(lost.size, 1);
  });
});
