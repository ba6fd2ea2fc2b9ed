import assert from 'node:assert/strict';
import { CanaryStore } from '../../../src/sources/prometheus/canary-store.js';
import type { KeptLooks } from '../../../src/sources/prometheus/fetch/kept-looks.js';

describe('canary store', () => {
  let nowMs = 0;
  let fetches = 0;
  let store: CanaryStore;

  /** What a server answers that has looks up to a minute. */
  const upTo = (to: number) => (): Promise<KeptLooks> => {
    fetches++;
    return Promise.resolve(looksTo(to));
  };

  beforeEach(() => {
    nowMs = 0;
    fetches = 0;
    store = new CanaryStore(() => nowMs);
  });

  it('asks again after a while where the newest look had not reached the server', async () => {
    const wanted = { toMinute: 10, againAfterMs: 15_000 };
    await store.upTo('canary', wanted, upTo(9));
    nowMs = 14_999;
    assert.equal((await store.upTo('canary', wanted, upTo(10)))?.span.to, 9);
    assert.equal(fetches, 1);
    nowMs = 15_000;
    assert.equal((await store.upTo('canary', wanted, upTo(10)))?.span.to, 10);
    assert.equal(fetches, 2);
  });

  it('asks at once for a look that nobody has asked for yet', async () => {
    await store.upTo('canary', { toMinute: 10, againAfterMs: 15_000 }, upTo(9));
    const later = await store.upTo('canary', { toMinute: 11, againAfterMs: 15_000 }, upTo(11));
    assert.equal(later?.span.to, 11);
    assert.equal(fetches, 2);
  });

  it('asks at once where the last time failed, and keeps what it had', async () => {
    const wanted = { toMinute: 10, againAfterMs: 15_000 };
    await store.upTo('canary', { ...wanted, toMinute: 9 }, upTo(9));
    await assert.rejects(
      store.upTo('canary', wanted, () => Promise.reject(new Error('down'))),
      /down/,
    );
    assert.equal((await store.upTo('canary', wanted, upTo(10)))?.span.to, 10);
    assert.equal(store.kept('canary', { from: 0, to: 10 })?.span.to, 10);
  });
});

function looksTo(to: number): KeptLooks {
  const none = { size: 0 };
  return { searchedFrom: 0, span: { from: 0, to }, looks: [], tracks: none } as unknown as KeptLooks;
}
