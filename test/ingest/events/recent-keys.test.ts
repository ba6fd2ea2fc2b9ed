import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RecentKeys } from '../../../src/ingest/events/recent-keys.js';

describe('RecentKeys', () => {
  it('knows a key for its window at least, and twice that at most', () => {
    const keys = new RecentKeys(100, 1000);
    assert.equal(keys.add('a', 0), true);
    assert.equal(keys.add('a', 99), false);
    assert.equal(keys.add('b', 100), true);
    assert.equal(keys.add('a', 199), false);
    assert.equal(keys.add('a', 200), true);
  });

  it('forgets everything after a long pause', () => {
    const keys = new RecentKeys(100, 1000);
    keys.add('a', 0);
    assert.equal(keys.add('b', 10_000), true);
    assert.equal(keys.has('a'), false);
  });

  it('goes on when the clock is set back', () => {
    const keys = new RecentKeys(100, 1000);
    keys.add('a', 1_000_000);
    assert.equal(keys.add('a', 0), false);
    assert.equal(keys.add('b', 100), true);
    assert.equal(keys.add('c', 200), true);
    assert.equal(keys.has('a'), false);
  });

  it('knows what a window without a limit would, and never more than the limit twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(30))), (steps) => {
        const keys = new RecentKeys(100, 10);
        const last = new Map<string, number>();
        let nowMs = 0;
        for (const [key, later] of steps) {
          nowMs += later;
          const name = String(key);
          const added = keys.add(name, nowMs);
          const knownMs = last.get(name);
          // What it calls known must have been there within two windows.
          if (!added) assert.ok(knownMs !== undefined && nowMs - knownMs <= 200);
          else last.set(name, nowMs);
          const known = Array.from({ length: 31 }, (_, one) => keys.has(String(one))).filter(Boolean);
          assert.ok(known.length <= 20);
        }
      }),
    );
  });
});
