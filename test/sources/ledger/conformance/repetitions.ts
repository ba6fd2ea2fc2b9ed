import assert from 'node:assert/strict';
import { CountBatch, type Ledger } from '../../../../src/sources/index.js';
import { at, day, noonMs, type OpenLedger } from './scene.js';

function oneRequest(): CountBatch {
  const batch = new CountBatch();
  batch.addRequest({
    namespace: 'default',
    model: 'fraud',
    version: 'v2',
    atMs: noonMs,
    failed: false,
    predictions: new Map(),
  });
  return batch;
}

async function requestsOf(ledger: Ledger): Promise<number> {
  const answer = await ledger.observe({ namespace: 'default', model: 'fraud', canary: 'v2', asOfMs: at(2) });
  return answer.kind === 'observations' ? (answer.observations.looks[0]?.canary?.requests ?? 0) : 0;
}

/** Requests that are sent more than once. */
export function describeRepetitions(open: OpenLedger): void {
  const request = (key: string, bodyHash = 'hash', answer = 'first') => ({
    nowMs: noonMs,
    idempotent: { key, bodyHash, answer },
  });

  describe('repetitions', () => {
    it('counts a key once and answers with its first answer', async () => {
      const ledger = await open();
      assert.equal((await ledger.record(oneRequest(), request('k'))).kind, 'recorded');
      assert.deepEqual(await ledger.record(oneRequest(), request('k', 'hash', 'second')), {
        kind: 'duplicate',
        answer: 'first',
      });
      assert.equal(await requestsOf(ledger), 1);
    });

    it('counts once when all come at the same time', async () => {
      const ledger = await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ledger.record(oneRequest(), request('k'))),
      );
      assert.equal(answers.filter((answer) => answer.kind === 'recorded').length, 1);
      assert.equal(answers.filter((answer) => answer.kind === 'duplicate').length, 19);
      assert.equal(await requestsOf(ledger), 1);
    });

    it('counts all requests that come at the same time with keys of their own, or none', async () => {
      const ledger = await open();
      const recorded = Array.from({ length: 150 }, (_, index) =>
        ledger.record(oneRequest(), index % 3 === 0 ? { nowMs: noonMs } : request(`k${index}`)),
      );
      await Promise.all(recorded);
      assert.equal(await requestsOf(ledger), 150);
    });

    it('refuses a key for another body', async () => {
      const ledger = await open();
      await ledger.record(oneRequest(), request('k'));
      assert.deepEqual(await ledger.record(oneRequest(), request('k', 'other')), { kind: 'key-conflict' });
      assert.equal(await requestsOf(ledger), 1);
    });

    it('forgets a key after a day', async () => {
      const ledger = await open();
      await ledger.record(oneRequest(), request('k'));
      const later = { ...request('k', 'other'), nowMs: noonMs + day - 1 };
      assert.equal((await ledger.record(oneRequest(), later)).kind, 'key-conflict');
      const latest = { ...request('k', 'other'), nowMs: noonMs + day };
      assert.equal((await ledger.record(oneRequest(), latest)).kind, 'recorded');
    });

    it('does not keep the key of a batch that failed', async () => {
      const ledger = await open();
      const labelled = oneRequest();
      const scored = new CountBatch();
      const served = { namespace: 'default', model: 'fraud', version: 'v2', atMs: noonMs, failed: false };
      labelled.addRequest({ ...served, predictions: new Map([['default', 'a']]) });
      scored.addRequest({ ...served, predictions: new Map([['default', 1]]) });
      await ledger.record(labelled, { nowMs: noonMs });
      const [failed, fine] = await Promise.allSettled([
        ledger.record(scored, request('k')),
        ledger.record(oneRequest(), { nowMs: noonMs }),
      ]);
      assert.equal(failed.status, 'rejected');
      // The one beside it, which may share its transaction, is not hurt.
      assert.equal(fine.status, 'fulfilled');
      assert.equal((await ledger.record(oneRequest(), request('k'))).kind, 'recorded');
      assert.equal(await requestsOf(ledger), 4);
    });
  });
}
