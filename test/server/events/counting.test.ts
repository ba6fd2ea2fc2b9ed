import assert from 'node:assert/strict';
import { CountBatch } from '../../../src/sources/index.js';
import { EventsServer, eventMs } from './events-server.js';
import { kserveEvent, seldonEvent } from './wire-events.js';

const all = { models: { fraud: { events: { mode: 'all' } } } };

describe('payload events', () => {
  let server: EventsServer | undefined;
  const start = async (...parameters: Parameters<typeof EventsServer.start>): Promise<EventsServer> => {
    server = await EventsServer.start(...parameters);
    return server;
  };
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('in mode response each response is one request without an error, requests are left out', async () => {
    const service = await start();
    await service.send(kserveEvent('request'), kserveEvent('response', { laterMs: 20 }));
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.equal(counts.errors, 0);
    assert.equal(counts.latency, undefined);
    assert.deepEqual(await service.results(), { counted: 1, ignored: 1 });
  });

  for (const [order, first, second] of [
    ['the request first', 'request', 'response'],
    ['the response first', 'response', 'request'],
  ] as const) {
    it(`in mode all the two halves of a call make its latency, ${order}`, async () => {
      const service = await start({ config: all });
      const later = { request: 0, response: 40 };
      await service.send(
        kserveEvent(first, { laterMs: later[first] }),
        kserveEvent(second, { laterMs: later[second] }),
      );
      const counts = await service.counts();
      assert.equal(counts?.requests, 1);
      assert.equal(counts.latency?.counts[counts.latency.boundsMs.indexOf(50)], 1);
      assert.deepEqual(await service.results(), { counted: 1, paired: 1 });
    });
  }

  it('a clock that went backwards between the halves leaves the latency out', async () => {
    const service = await start({ config: all });
    await service.send(kserveEvent('request'), kserveEvent('response', { laterMs: -5 }));
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.equal(counts.latency, undefined);
  });

  it('a clock that was set ahead by an hour leaves the latency out', async () => {
    const service = await start({ config: all });
    service.clock.nowMs = eventMs + 3_600_000;
    await service.send(kserveEvent('request'), kserveEvent('response', { laterMs: 3_600_000 }));
    assert.equal((await service.counts())?.latency, undefined);
    assert.deepEqual(await service.results(), { counted: 1, paired: 1 });
  });

  it('in mode all a request without a response is an error once its time is over, and not before', async () => {
    const service = await start({ config: all });
    await service.send(kserveEvent('request'));
    service.clock.nowMs = eventMs + 59_000;
    assert.equal(await service.counts(), undefined);
    service.clock.nowMs = eventMs + 60_000;
    const counts = await service.counts();
    assert.deepEqual([counts?.requests, counts?.errors], [1, 1]);
    await service.send(kserveEvent('response', { laterMs: 60_000 }));
    assert.equal(
      (await service.counts())?.requests,
      1,
      'a response that comes too late does not count again',
    );
    assert.deepEqual(await service.results(), { unanswered: 1, unpaired: 1 });
  });

  it('as many requests without a response as responses came without a request are no errors', async () => {
    const service = await start({ config: all });
    await service.send(
      ...[1, 2, 3].map((number) => kserveEvent('response', { id: `alone-${number}` })),
      ...[1, 2, 3, 4].map((number) => kserveEvent('request', { id: `silent-${number}` })),
    );
    service.clock.nowMs = eventMs + 5000;
    await service.events.flush();
    service.clock.nowMs = eventMs + 60_000;
    const counts = await service.counts();
    assert.deepEqual([counts?.requests, counts?.errors], [4, 1]);
    assert.deepEqual(await service.results(), { counted: 3, unanswered: 1, unpaired: 3 });
  });

  it('a version that is one too many is refused, also where no prediction of it can be counted', async () => {
    const service = await start({ config: { ingest: { maxVersions: 3 } } });
    for (const [version, prediction] of [
      ['v1', 0.5],
      ['v2', 'cat'],
      ['v3', 'cat'],
      ['v4', 'cat'],
      ['v5', 0.5],
    ] as const) {
      const { headers } = kserveEvent('response', { id: version });
      await service.post(`/v1/events/ml/fraud/${version}`, JSON.stringify([prediction]), headers);
      await service.events.flush();
    }
    assert.equal((await service.counts('v3'))?.requests, 1);
    assert.equal(await service.counts('v4'), undefined);
    assert.deepEqual(await service.results(), { counted: 1, unread: 2, refused: 2 });
  });

  it('a stop counts responses that wait for their request, and calls no request an error', async () => {
    const service = await start({ config: all });
    await service.send(kserveEvent('request'), kserveEvent('response', { id: 'other' }));
    await service.events.close();
    const counts = await service.counts();
    assert.deepEqual([counts?.requests, counts?.errors], [1, 0]);
    assert.deepEqual(await service.results(), { counted: 1, unpaired: 1 });
  });

  it('an event that comes twice counts once, until it is forgotten', async () => {
    const service = await start({ config: { events: { duplicateWindow: '10s' } } });
    await service.send(kserveEvent('response'), kserveEvent('response'));
    assert.equal((await service.counts())?.requests, 1);
    service.clock.nowMs = eventMs + 20_000;
    await service.send(kserveEvent('response', { id: 'other' }), kserveEvent('response'));
    assert.deepEqual(await service.results(), { counted: 1, duplicate: 1 });
    assert.equal((await service.counts())?.requests, 3);
  });

  it('the same id counts once for each version', async () => {
    const service = await start();
    await service.send(kserveEvent('response'));
    const { headers } = kserveEvent('response');
    const answer = await service.post('/v1/events/ml/fraud/v1', '{"predictions":[0.5]}', headers);
    assert.equal(answer.status, 200);
    assert.equal((await service.counts('v1'))?.requests, 1);
    assert.equal((await service.counts('v2'))?.requests, 1);
  });

  it('health checks, which KServe logs too, are no requests, in either order and mode', async () => {
    for (const config of [{}, all]) {
      const service = await start({ config });
      await service.send(
        kserveEvent('request', { id: 'a', body: '' }),
        kserveEvent('response', { id: 'a', body: { ready: true } }),
        kserveEvent('response', { id: 'b', body: { ready: true } }),
        kserveEvent('request', { id: 'b', body: '' }),
        kserveEvent('request', { id: 'c', body: '' }),
        kserveEvent('response', { id: 'c', body: '' }),
        kserveEvent('request', { id: 'd', body: '' }),
      );
      service.clock.nowMs = eventMs + 60_000;
      assert.equal(await service.counts(), undefined);
      assert.deepEqual(await service.results(), { ignored: 7 });
      await service.close();
    }
    server = undefined;
  });

  it('an empty answer to an inference is a request without a prediction', async () => {
    const service = await start({ config: all });
    await service.send(kserveEvent('request'), kserveEvent('response', { body: '' }));
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.deepEqual(await service.results(), { paired: 1, unread: 1 });
  });

  it('a status of 500 and above is an error, and no status but a good one has predictions', async () => {
    const service = await start();
    await service.send(
      kserveEvent('response', { id: 'a', headers: { 'Ce-Statuscode': '503' }, body: { error: 'x' } }),
      kserveEvent('response', { id: 'b', headers: { 'Ce-Statuscode': '400' }, body: { predictions: [1] } }),
      kserveEvent('response', { id: 'c', headers: { 'Ce-Statuscode': '200' } }),
    );
    const counts = await service.counts();
    assert.deepEqual([counts?.requests, counts?.errors], [3, 1]);
    assert.equal(predictionsIn(counts), 1);
  });

  it('every instance of a batch counts its prediction, the batch counts as one request', async () => {
    const service = await start();
    await service.send(kserveEvent('response', { body: { predictions: Array(32).fill(0.25) } }));
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.equal(predictionsIn(counts), 32);
  });

  it('labels are told apart up to their limit, also within a batch', async () => {
    const service = await start({
      config: { ingest: { maxLabels: 2 }, models: { fraud: { events: { kind: 'label' } } } },
    });
    await service.send(
      kserveEvent('response', { id: 'a', body: { predictions: ['cat', 'dog', 'dog', 'cow', 'hen'] } }),
      kserveEvent('response', { id: 'b', body: { predictions: ['hen', 'cat'] } }),
    );
    const counts = (await service.counts())?.predictions.get('default');
    assert.ok(counts?.kind === 'labels');
    assert.deepEqual(
      [...counts.labels, 'others'].map((label, index) => [label, counts.counts[index]]).sort(),
      [
        ['cat', 2],
        ['dog', 2],
        ['others', 3],
      ],
    );
  });

  it('versions beyond their number are refused, and keep no other back', async () => {
    const service = await start({ config: { ingest: { maxVersions: 2 } } });
    await service.send(kserveEvent('response'));
    const { headers, body } = kserveEvent('response');
    for (let number = 3; number < 6; number++) {
      await service.post(`/v1/events/ml/fraud/v${number}`, JSON.stringify(body), headers);
    }
    await service.send(kserveEvent('response', { id: 'other' }));
    assert.equal((await service.counts())?.requests, 2);
    assert.deepEqual(await service.results(), { counted: 3, refused: 2 });
  });

  it('only the first instance counts where the config says so', async () => {
    const service = await start({ config: { models: { '*': { events: { instances: 'first' } } } } });
    await service.send(kserveEvent('response', { body: { predictions: [0.25, 0.5] } }));
    assert.equal(predictionsIn(await service.counts()), 1);
  });

  it('what is not a prediction, or one of the other kind, is a request without one', async () => {
    const service = await start();
    await service.send(
      kserveEvent('response', { id: 'a' }),
      kserveEvent('response', { id: 'b', body: { predictions: ['a label'] } }),
      kserveEvent('response', { id: 'c', body: 'not JSON' }),
      kserveEvent('response', { id: 'd', body: { choices: [] } }),
    );
    const counts = await service.counts();
    assert.equal(counts?.requests, 4);
    assert.equal(predictionsIn(counts), 1);
    assert.deepEqual(await service.results(), { counted: 1, unread: 3 });
  });

  it('a body that is too long is a request without a prediction', async () => {
    const service = await start({ config: { events: { bodyLimit: '1KiB' } } });
    const predictions = Array<number>(2000).fill(0.5);
    await service.send(kserveEvent('response', { body: { predictions } }));
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.equal(predictionsIn(counts), 0);
    assert.deepEqual(await service.results(), { unread: 1 });
  });

  it('outcomes are joined by the id of the call, whichever system logged it', async () => {
    const service = await start();
    await service.send(kserveEvent('response', { id: 'kserve-1' }), seldonEvent('inference.response'));
    await service.events.flush();
    const batch = new CountBatch();
    for (const id of ['kserve-1', 'puid-1']) {
      batch.addOutcome({ namespace: 'ml', model: 'fraud', id, name: 'default', atMs: eventMs, value: 1 });
    }
    assert.deepEqual(await service.ledger.record(batch, { nowMs: eventMs }), {
      kind: 'recorded',
      unmatched: 0,
    });
    assert.equal((await service.counts())?.outcomes.get('default')?.count, 2);
  });

  it('ids are not kept where the config says so', async () => {
    const service = await start({ config: { models: { '*': { events: { ids: 'drop' } } } } });
    await service.send(kserveEvent('response', { id: 'kserve-1' }));
    await service.events.flush();
    const batch = new CountBatch();
    const outcome = { namespace: 'ml', model: 'fraud', name: 'default', atMs: eventMs, value: 1 };
    batch.addOutcome({ ...outcome, id: 'kserve-1' });
    assert.deepEqual(await service.ledger.record(batch, { nowMs: eventMs }), {
      kind: 'recorded',
      unmatched: 1,
    });
  });

  it("Seldon's halves belong together by the id of the call, each node of a graph for itself", async () => {
    const service = await start({ config: all });
    await service.send(
      seldonEvent('inference.request'),
      seldonEvent('inference.request', { headers: { 'Ce-Modelid': 'transformer' } }),
      seldonEvent('inference.response', { laterMs: 90 }),
      seldonEvent('inference.response', { laterMs: 40, headers: { 'Ce-Modelid': 'transformer' } }),
    );
    const counts = await service.counts();
    assert.equal(counts?.requests, 2);
    const latency = counts.latency;
    assert.deepEqual(
      [50, 100].map((bound) => latency?.counts[latency.boundsMs.indexOf(bound)]),
      [1, 1],
    );
  });

  it("Seldon's feedback is an outcome: of its prediction where it says which, else of the version", async () => {
    const service = await start();
    await service.send(
      seldonEvent('inference.response', { id: 'puid-7' }),
      seldonEvent('feedback', { id: 'f-1', body: { response: { meta: { puid: 'puid-7' } }, reward: 0 } }),
      seldonEvent('feedback', { id: 'f-2', body: { reward: 1 } }),
      seldonEvent('feedback', { id: 'f-3', body: { truth: {} } }),
    );
    const counts = await service.counts();
    assert.equal(counts?.requests, 1);
    assert.deepEqual(counts.outcomes.get('default'), { count: 2, sum: 1, sumOfSquares: 1 });
    assert.deepEqual(await service.results(), { counted: 3, unread: 1 });
  });

  it('events count in the minute of their own time', async () => {
    const service = await start();
    service.clock.nowMs = eventMs + 120_000;
    await service.send(kserveEvent('response', { id: 'then' }));
    assert.equal((await service.counts())?.requests, 1);
  });
});

function predictionsIn(counts: Awaited<ReturnType<EventsServer['counts']>>): number {
  return counts?.predictions.get('default')?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
}
