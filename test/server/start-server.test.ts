import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { loadConfig } from '../../src/config/index.js';
import { VerdictError } from '../../src/domain/errors.js';
import { startServer } from '../../src/server/index.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { alteredLedger } from './support/altered-ledger.js';
import { TestService } from './support/test-service.js';

/** A promise that the test settles. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A service whose verdicts wait at a gate, and whether one waits. */
async function slowService(config: Readonly<Record<string, unknown>> = {}) {
  const { opened, open } = gate();
  const waiting = { count: 0, pings: 0 };
  const service = await TestService.start({
    config,
    wrapLedger: (ledger) =>
      alteredLedger(ledger, {
        observe: async (query, signal) => {
          waiting.count++;
          await opened;
          return ledger.observe(query, signal);
        },
        ping: () => {
          waiting.pings++;
          return ledger.ping();
        },
      }),
  });
  return { service, open, waiting };
}

describe('startServer', () => {
  it('tells the port that it took', async () => {
    const service = await TestService.start();
    assert.ok(service.port > 0);
    assert.equal((await service.request('/healthz')).status, 200);
    await service.close();
  });

  it('fails with a sentence where it cannot listen', async () => {
    const service = await TestService.start();
    const config = loadConfig({ flags: { port: service.port } });
    assert.ok(config.ok);
    const ledger: Ledger = await openMemoryLedger();
    try {
      await assert.rejects(
        startServer({
          config: config.value,
          ledger,
          logger: createLogger({ level: 'silent' }),
          processMetrics: false,
        }),
        (error: unknown) =>
          error instanceof VerdictError &&
          error.code === 'invalid-config' &&
          error.message === `the service cannot listen on 127.0.0.1 port ${service.port}: EADDRINUSE`,
      );
    } finally {
      await ledger.close();
      await service.close();
    }
  });

  it('uses the clock of the machine where none is given', async () => {
    const config = loadConfig({ flags: { port: 0 } });
    assert.ok(config.ok);
    const ledger = await openMemoryLedger();
    const server = await startServer({
      config: config.value,
      ledger,
      logger: createLogger({ level: 'silent' }),
      processMetrics: false,
    });
    const asOf = new Date(Date.now() - 60_000).toISOString();
    const answer = await fetch(`http://127.0.0.1:${server.port}/v1/verdict?model=m&canary=c&asOf=${asOf}`);
    assert.match(await answer.text(), /unknown-model/);
    await server.close();
    await ledger.close();
  });

  describe('when it stops', () => {
    it('lets requests under way end, is not ready and takes no new connection', async () => {
      const { service, open, waiting } = await slowService();
      await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const asked = service.ask({ model: 'm', canary: 'c' });
      await until(() => waiting.count === 1);

      // A connection that is open and in use: what comes on it later is still answered.
      const held = httpRequest(`${service.url}/v1/predictions`, { method: 'POST', agent });
      held.write('{"model":"m","version":"c"}\n');
      await until(async () => (await service.request('/readyz')).status === 200);
      const stopped = service.stop();
      await until(() =>
        service.request('/healthz').then(
          () => false,
          () => true,
        ),
      );

      held.end();
      const [answer] = (await once(held, 'response')) as [IncomingMessage];
      assert.equal(answer.statusCode, 200);
      answer.resume();
      open();
      assert.equal((await asked).verdict, 'hold');
      await stopped;
      agent.destroy();
      await service.close();
    });

    it('is not ready, and says so on a connection that is still there', async () => {
      const { service, open, waiting } = await slowService();
      await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
      const socket = connect(service.port, '127.0.0.1');
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        received += text;
      });
      const ended = once(socket, 'close');
      socket.write('GET /v1/verdict?model=m&canary=c HTTP/1.1\r\nHost: x\r\n\r\n');
      await until(() => waiting.count === 1);
      const stopped = service.stop();
      socket.write('GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n');
      await until(() => waiting.pings === 1);
      open();
      await stopped;
      await ended;
      assert.match(received, /^HTTP\/1\.1 200 OK.*"verdict":"hold".*HTTP\/1\.1 503 .*"stopping":true/s);
      await service.close();
    });

    it('does not wait for idle connections', async () => {
      const service = await TestService.start({
        config: { server: { stopGrace: '60s', keepAliveTimeout: '60s' } },
      });
      const agent = new Agent({ keepAlive: true });
      const request = httpRequest(`${service.url}/healthz`, { agent });
      request.end();
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      answer.resume();
      await once(answer, 'end');
      await service.close();
      agent.destroy();
    });

    it('does not wait for a connection that goes idle while it stops', async () => {
      const { service, open, waiting } = await slowService({
        server: { stopGrace: '60s', keepAliveTimeout: '60s' },
      });
      await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
      const agent = new Agent({ keepAlive: true });
      const request = httpRequest(`${service.url}/v1/verdict?model=m&canary=c`, { agent });
      request.end();
      await until(() => waiting.count === 1);
      const stopped = service.stop();
      open();
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      answer.resume();
      await stopped;
      await service.close();
      agent.destroy();
    });

    it('cuts what does not end within the grace period', async () => {
      const { service, open, waiting } = await slowService({ server: { stopGrace: '50ms' } });
      await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
      const asked = assert.rejects(service.request('/v1/verdict?model=m&canary=c'));
      await until(() => waiting.count === 1);
      await service.stop();
      await asked;
      assert.ok(service.logged.some((line) => line.includes('grace period')));
      open();
      await service.close();
    });

    it('takes new connections for as long as it drains, each for one request, and says that it is not ready', async () => {
      const service = await TestService.start();
      const stopped = service.server.close(300);
      const ready = await service.request('/readyz');
      assert.deepEqual([ready.status, ready.headers.get('connection')], [503, 'close']);
      assert.equal((await service.request('/v1/verdict?model=m&canary=c')).status, 200);
      await stopped;
      await assert.rejects(service.request('/healthz'));
      await service.close();
    });

    it('stops once, however often it is asked to', async () => {
      const service = await TestService.start();
      await Promise.all([service.stop(), service.stop()]);
      assert.equal(service.logged.filter((line) => line.includes('"msg":"stopped"')).length, 1);
      await service.close();
    });
  });
});

describe('/readyz and /healthz', () => {
  it('tell a ledger that is down from a process that is', async () => {
    let up = true;
    const service = await TestService.start({
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          ping: () =>
            up ? ledger.ping() : Promise.reject(Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' })),
        }),
    });
    const ready = await service.request('/readyz');
    assert.deepEqual(
      [ready.status, ready.json()],
      [200, { status: 'ready', checks: { ledger: 'ok', stopping: false } }],
    );
    up = false;
    const down = await service.request('/readyz');
    assert.deepEqual(
      [down.status, down.json()],
      [200, { status: 'ready', checks: { ledger: 'unavailable', stopping: false } }],
    );
    assert.ok(service.logged.some((line) => line.includes('"level":"warn"') && line.includes('SQLITE_BUSY')));
    assert.equal((await service.request('/healthz')).status, 200);
    await service.close();
  });

  it('tell of a data folder that was deleted, as every other route does', async () => {
    const service = await TestService.start();
    await service.ingest('predictions', [{ model: 'm', version: 'c' }]);
    const question = { model: 'm', canary: 'c' };
    await service.ask(question);
    await rm(service.dataDirectory, { recursive: true });
    const posted = await service.post('/v1/predictions', '{"model":"m","version":"c"}');
    assert.equal(posted.status, 503);
    assert.match((posted.json() as { detail: string }).detail, /^the ledger file is gone/);
    assert.deepEqual((await service.request('/readyz')).json(), {
      status: 'ready',
      checks: { ledger: 'unavailable', stopping: false },
    });
    const { verdict, reasons } = await service.ask(question);
    assert.deepEqual([verdict, reasons[0]?.code], ['hold', 'source-unavailable']);
    assert.match(reasons[0]?.text ?? '', /^the ledger file is gone/);
    assert.equal((await service.request('/healthz')).status, 200);
    await service.close();
  });
});
