import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { alteredLedger } from '../support/altered-ledger.js';
import { rawAnswer } from '../support/raw-answer.js';
import { TestService } from '../support/test-service.js';

describe('the limits of the service', () => {
  let service: TestService;
  const shed = (reason: string): Promise<number> =>
    service.metric('ml_verdict_requests_shed_total', { reason });

  afterEach(() => service.close());

  it('refuse what is too many at a time with 503 and Retry-After, by kind, and take it again afterwards', async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let waiting = 0;
    service = await TestService.start({
      config: { limits: { verdicts: 2 } },
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          observe: async (query, signal) => {
            waiting++;
            await opened;
            return ledger.observe(query, signal);
          },
        }),
    });
    const first = ['a', 'b'].map((canary) => service.request(`/v1/verdict?model=m&canary=${canary}`));
    while (waiting < 2) await wait(2);
    const third = await service.request('/v1/verdict?model=m&canary=c');
    assert.deepEqual([third.status, third.headers.get('retry-after')], [503, '5']);
    assert.match(third.text, /"type":"urn:ml-verdict:problem:overloaded".*limits\.verdicts/);
    assert.equal(await service.metric('ml_verdict_requests_in_flight', { pool: 'verdicts' }), 2);
    assert.equal((await service.request('/healthz')).status, 200);
    await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
    open();
    assert.deepEqual(
      (await Promise.all(first)).map(({ status }) => status),
      [200, 200],
    );
    assert.equal((await service.request('/v1/verdict?model=m&canary=c')).status, 200);
    assert.equal(await shed('concurrency'), 1);
    assert.equal(await service.metric('ml_verdict_requests_in_flight', { pool: 'verdicts' }), 0);
  });

  it('let nobody take more than three quarters of the places', async () => {
    const secrets = ['a', 'b'].map((name) => ({
      name,
      file: join(tmpdir(), `ml-verdict-${process.pid}-${name}`),
    }));
    for (const { name, file } of secrets) writeFileSync(file, `${name}-token-of-a-test-0123456789`);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let waiting = 0;
    service = await TestService.start({
      config: {
        limits: { verdicts: 8 },
        access: { tokens: secrets.map(({ name, file }) => ({ name, files: [file], scopes: ['verdict'] })) },
      },
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          changeMarker: async (...names) => {
            waiting++;
            await opened;
            return ledger.changeMarker(...names);
          },
        }),
    });
    const ask = (name: string, index: number) =>
      service.request(`/v1/verdict?model=m&canary=c${index}`, {
        headers: { Authorization: `Bearer ${name}-token-of-a-test-0123456789` },
      });
    const held = Array.from({ length: 6 }, (_, index) => ask('a', index));
    while (waiting < 6) await wait(2);
    const refused = await ask('a', 6);
    assert.equal(refused.status, 503);
    assert.match(refused.text, /three quarters of the 8 requests/);
    held.push(ask('b', 0), ask('b', 1));
    while (waiting < 8) await wait(2);
    assert.match((await ask('b', 2)).text, /answering 8 requests/);
    open();
    assert.deepEqual(new Set((await Promise.all(held)).map(({ status }) => status)), new Set([200]));
    for (const { file } of secrets) rmSync(file);
  });

  it('give back the places of requests whose connection is cut while they wait for one another', async () => {
    service = await TestService.start({ config: { limits: { verdicts: 100 } } });
    const plan = JSON.stringify({ requestsPerSecond: 50, weight: 5 });
    for (let time = 0; time < 3; time++) {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => undefined);
      // The slow one comes first: the others wait for it, answered or not.
      socket.write(
        `POST /v1/plan HTTP/1.1\r\nHost: x\r\nContent-Length: ${plan.length}\r\n\r\n${plan}` +
          'GET /v1/verdict?model=m&canary=c HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(7),
      );
      await until(
        async () => (await service.metric('ml_verdict_requests_in_flight', { pool: 'verdicts' })) > 0,
      );
      socket.destroy();
    }
    await until(
      async () => (await service.metric('ml_verdict_requests_in_flight', { pool: 'verdicts' })) === 0,
    );
    const all = Array.from({ length: 60 }, () => service.request('/v1/verdict?model=m&canary=c'));
    assert.deepEqual(new Set((await Promise.all(all)).map(({ status }) => status)), new Set([200]));
    assert.equal(await shed('time'), 0);
  });

  it('refuse a caller that asks too often with 429, and never a probe', async () => {
    service = await TestService.start({ config: { limits: { callerRequests: 3, callerWindow: '60s' } } });
    const statuses: number[] = [];
    for (let asked = 0; asked < 5; asked++)
      statuses.push((await service.request('/v1/verdict?model=m&canary=c')).status);
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
    const refused = await service.request('/v1/verdicts', { headers: { 'X-Forwarded-For': '10.0.0.1' } });
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60']);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      assert.equal((await service.request(path)).status, 200);
    assert.equal(await shed('rate'), 3);
  });

  it('cut a request that is not answered in time', async () => {
    service = await TestService.start({
      config: { server: { requestTimeout: '1s', answerTimeout: '1.2s', verdictDeadline: '60s' } },
      wrapLedger: (ledger) => alteredLedger(ledger, { changeMarker: () => new Promise(() => undefined) }),
    });
    await assert.rejects(service.request('/v1/verdict?model=m&canary=c'));
    assert.equal(await shed('time'), 1);
    assert.equal(await service.metric('ml_verdict_requests_in_flight', { pool: 'verdicts' }), 0);
    const slow = connect(service.port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    const timer = setInterval(() => slow.write('{'), 50);
    await closed(slow);
    clearInterval(timer);
    await until(
      async () => (await service.metric('ml_verdict_requests_in_flight', { pool: 'ingest' })) === 0,
    );
  });

  it('cut a connection that asks on and on without reading', async () => {
    service = await TestService.start();
    const socket = connect(service.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write('GET /v1/verdict?model=m&canary=c HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(30));
    await closed(socket);
    assert.equal(await shed('pipelining'), 1);
  });

  it('cut a request whose head or body does not come in time, with 408', async () => {
    service = await TestService.start({ config: { server: { headersTimeout: '1s', requestTimeout: '1s' } } });
    assert.match(await rawAnswer(service.port, 'GET /healthz HTTP/1.1\r\nHost:'), /^HTTP\/1\.1 408 /);
    const body = 'POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{';
    const late = await rawAnswer(service.port, body);
    assert.match(
      late,
      /^HTTP\/1\.1 408 .*"type":"urn:ml-verdict:problem:timeout".*"instance":"urn:ml-verdict:request:/s,
    );
  });

  it('close connections beyond their number', async () => {
    service = await TestService.start({ config: { limits: { connections: 3 } } });
    const held: Socket[] = [];
    for (let index = 0; index < 3; index++) {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      held.push(socket);
    }
    const fourth = connect(service.port, '127.0.0.1');
    fourth.on('error', () => undefined);
    await closed(fourth);
    for (const socket of held) socket.destroy();
    await until(async () => (await service.request('/healthz')).status === 200);
  });

  it('bound the memory of the bodies that are being taken, all together', async () => {
    service = await TestService.start({ config: { limits: { ingestMemory: '64KiB' } } });
    const lines = (count: number) =>
      Array.from({ length: count }, (_, minute) =>
        JSON.stringify({
          model: 'm',
          version: 'c',
          at: new Date(service.clock.nowMs - minute * 60_000).toISOString(),
        }),
      ).join('\n');
    assert.equal((await service.post('/v1/predictions', lines(80))).status, 200);
    const large = await service.post('/v1/predictions', lines(200));
    assert.equal(large.status, 413);
    assert.match(large.text, /limits\.ingestMemory/);

    const held = connect(service.port, '127.0.0.1');
    held.on('error', () => undefined);
    held.write(`POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${lines(80)}\n`);
    await until(async () => (await service.post('/v1/predictions', lines(80))).status === 503);
    held.destroy();
    await until(async () => (await service.post('/v1/predictions', lines(80))).status === 200);
    assert.ok((await shed('memory')) >= 2);
  });

  it('refuse a body of too many lines as a whole', async () => {
    service = await TestService.start({ config: { ingest: { linesLimit: 3 } } });
    const line = '{"model":"m","version":"c"}';
    assert.equal((await service.post('/v1/predictions', `${line}\n`.repeat(3))).status, 200);
    for (const body of [`${line}\n`.repeat(4), '\n\n\n\n', JSON.stringify(Array(4).fill({}))]) {
      const answer = await service.post('/v1/predictions', body);
      assert.equal(answer.status, 413, body);
      assert.match(answer.text, /at most 3 lines \(ingest\.linesLimit\)/);
    }
  });

  it('tell at most 100 wrong fields one by one', async () => {
    service = await TestService.start();
    const fields = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, 1]));
    const answer = await service.post('/v1/plan', JSON.stringify(fields));
    const { errors } = answer.json() as { readonly errors: readonly { readonly message: string }[] };
    assert.equal(errors.length, 101);
    assert.match(errors[100]?.message ?? '', /^\d+ more fields are wrong$/);
  });
});

/** Resolves when a socket is closed, by a reset as well. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await wait(5);
}
