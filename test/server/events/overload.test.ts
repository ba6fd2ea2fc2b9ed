import assert from 'node:assert/strict';
import { VerdictError } from '../../../src/domain/errors.js';
import type { Ledger } from '../../../src/sources/index.js';
import { alteredLedger } from '../support/altered-ledger.js';
import { EventsServer, eventMs } from './events-server.js';
import { kserveEvent } from './wire-events.js';

const path = '/v1/events/ml/fraud/v2';

/** Resolves when a condition holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('payload events under trouble', () => {
  let server: EventsServer;
  const start = async (...parameters: Parameters<typeof EventsServer.start>): Promise<void> => {
    server = await EventsServer.start(...parameters);
  };
  afterEach(() => server.close());

  it('are answered while the ledger does not answer at all, and counted when it does', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, {
        record: async (batch, request) => {
          await gate;
          return ledger.record(batch, request);
        },
      });
    await start({ wrapLedger });
    await server.send(kserveEvent('response', { id: 'a' }));
    const flushed = server.events.flush();
    await server.send(kserveEvent('response', { id: 'b' }));
    assert.deepEqual(await server.results(), {});
    open();
    await flushed;
    assert.equal((await server.counts())?.requests, 2);
  });

  it('are counted after the ledger was away, in their own minute', async () => {
    let away = true;
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, {
        record: (batch, request) =>
          away
            ? Promise.reject(new VerdictError('unavailable', 'the database is away'))
            : ledger.record(batch, request),
      });
    await start({ wrapLedger, config: { events: { saveEvery: '20ms' } } });
    await server.send(kserveEvent('response', { id: 'a' }));
    await until(() => server.logged.some((line) => line.includes('the database is away')));
    await server.send(kserveEvent('response', { id: 'b' }));
    away = false;
    await until(async () => (await server.results()).counted === 2);
    assert.equal((await server.counts())?.requests, 2);
  });

  it('that come for a model whose names the ledger cannot tell are lost, and told', async () => {
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, {
        series: () => Promise.reject(new VerdictError('unavailable', 'the database is away')),
      });
    await start({ wrapLedger });
    await server.send(kserveEvent('response'));
    assert.equal(await server.counts(), undefined);
    assert.deepEqual(await server.results(), { lost: 1 });
  });

  it('are given up where the ledger refuses them for good', async () => {
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, { record: () => Promise.reject(new TypeError('no such thing')) });
    await start({ wrapLedger });
    await server.send(kserveEvent('response'));
    await server.events.flush();
    assert.deepEqual(await server.results(), { lost: 1 });
  });

  it('are lost at a stop while the ledger is away, and the stop is not held up', async () => {
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, {
        record: () => Promise.reject(new VerdictError('unavailable', 'the database is away')),
      });
    await start({ wrapLedger });
    await server.send(kserveEvent('response'));
    await server.events.close();
    assert.deepEqual(await server.results(), { lost: 1 });
  });

  it('keep no other model back that the ledger refuses', async () => {
    const wrapLedger = (ledger: Ledger): Ledger =>
      alteredLedger(ledger, {
        record: (batch, request) =>
          batch.models().some(({ model }) => model === 'refused')
            ? Promise.reject(new VerdictError('unavailable', 'another request has just taken the last name'))
            : ledger.record(batch, request),
      });
    await start({ wrapLedger });
    const { headers, body } = kserveEvent('response');
    await server.post('/v1/events/ml/refused/v2', JSON.stringify(body), headers);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await server.send(kserveEvent('response', { id: `id-${attempt}` }));
      assert.equal((await server.counts())?.requests, attempt);
    }
    assert.deepEqual(await server.results(), { counted: 5, lost: 1 });
  });

  it('are let go with 200 when too many wait', async () => {
    await start({ config: { events: { waiting: 1 } } });
    const { headers } = kserveEvent('response');
    const target = { namespace: 'ml', model: 'fraud', version: 'v2' };
    const settings = {
      mode: 'response',
      responseWithinMs: 60_000,
      instances: 'every',
      ids: 'drop',
    } as const;
    const attributes = {
      kind: 'response',
      id: 'waiting',
      callId: 'waiting',
      node: '',
      atMs: eventMs,
      status: undefined,
    } as const;
    // Both in one turn of the event loop: nothing is looked at in between.
    assert.equal(server.events.take({ target, settings, attributes, body: new Uint8Array() }, 0), true);
    assert.equal(server.events.take({ target, settings, attributes, body: new Uint8Array() }, 0), false);
    const answer = await server.post(path, '{"predictions":[0.5]}', headers);
    assert.equal(answer.status, 200);
    assert.deepEqual(await server.results().then(({ shed }) => shed), 1);
  });

  it('are let go with 200 when their bodies take too much, and give back what they took', async () => {
    await start({ config: { events: { memory: '4KiB' } } });
    const { headers } = kserveEvent('response');
    const answer = await server.post(path, JSON.stringify(Array(4000).fill(1)), headers);
    assert.deepEqual([answer.status, answer.body], [200, { result: 'shed' }]);
    assert.equal(server.events.budget.held, 0);
    await server.send(kserveEvent('response', { id: 'small' }));
    assert.equal((await server.counts())?.requests, 1);
    assert.equal(server.events.budget.held, 0);
  });

  it('that are let go make no request an error', async () => {
    await start({
      config: { events: { memory: '4KiB' }, models: { '*': { events: { mode: 'all' } } } },
    });
    await server.send(kserveEvent('request'));
    const { headers } = kserveEvent('response');
    await server.post(path, JSON.stringify(Array(4000).fill(1)), headers);
    server.clock.nowMs = eventMs + 60_000;
    assert.equal(await server.counts(), undefined);
    assert.deepEqual(await server.results(), { shed: 1, unpaired: 1 });
  });

  it('beyond the number of open calls are let go', async () => {
    await start({ config: { events: { openCalls: 2 }, models: { '*': { events: { mode: 'all' } } } } });
    await server.send(...['a', 'b', 'c'].map((id) => kserveEvent('request', { id })));
    server.clock.nowMs = eventMs + 60_000;
    assert.equal((await server.counts())?.errors, 2);
    assert.deepEqual(await server.results(), { shed: 1, unanswered: 2 });
  });
});
