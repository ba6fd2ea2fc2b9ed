import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../../support/until.js';
import { healthy, matrix, oneSeries } from './support/answers.js';
import { clientOf, reasonOf } from './support/client.js';
import { answering, FakeServer } from './support/fake-server.js';

const text = JSON.stringify(healthy);

describe('a Prometheus server behind a bad network', () => {
  let fake: FakeServer;

  beforeEach(async () => {
    fake = await FakeServer.start(answering(healthy));
  });

  afterEach(async () => {
    await fake.stop();
  });

  it('that is down: says so, and answers again once it is up', async () => {
    const { port } = fake;
    const { ask, outcomes, server } = clientOf(fake.url());
    await fake.stop();
    assert.match(
      reasonOf(await ask()),
      new RegExp(`refuses connections at 127\\.0\\.0\\.1:${port}: check that it runs`),
    );
    fake = await FakeServer.start(answering(healthy), undefined, port);
    assert.equal((await ask()).kind, 'series');
    assert.deepEqual(outcomes, ['unreachable', 'answered']);
    server.close();
  });

  it('whose host nobody knows: says so', async () => {
    assert.match(
      reasonOf(await clientOf('http://prometheus.invalid:9090').ask()),
      /cannot be found.*prometheus\.invalid:9090/,
    );
  });

  it('that does not answer: is waited for as long as its timeout, and the request ends', async () => {
    fake.handler = () => undefined;
    const { ask, outcomes } = clientOf(fake.url(), { timeoutMs: 60 });
    assert.match(reasonOf(await ask()), /had not answered after \d+ ms \(its timeout\)$/);
    assert.deepEqual(outcomes, ['timeout']);
    await until(() => fake.broken === 1 && fake.sockets.size === 0);
  });

  it('that stops in the middle of its answer: likewise', async () => {
    fake.handler = (_, response) => {
      response.writeHead(200, { 'content-length': String(text.length) });
      response.write(text.slice(0, 50));
    };
    const { ask, queries } = clientOf(fake.url(), { timeoutMs: 60 });
    assert.match(reasonOf(await ask()), /had only begun to answer after \d+ ms \(its timeout\)$/);
    assert.deepEqual(
      queries.map(({ bytes }) => bytes),
      [50],
    );
    await until(() => fake.broken === 1);
  });

  it('that answers a byte now and then: likewise', async () => {
    fake.handler = async (_, response) => {
      response.writeHead(200);
      for (const byte of text) {
        if (response.destroyed) return;
        response.write(byte);
        await pause(15);
      }
    };
    assert.match(reasonOf(await clientOf(fake.url(), { timeoutMs: 100 }).ask()), /had only begun to answer/);
  });

  it('is not waited for when the caller gives up, and the request ends', async () => {
    fake.handler = () => undefined;
    const { ask, outcomes } = clientOf(fake.url());
    const controller = new AbortController();
    const answer = ask(controller.signal);
    await until(() => fake.requests.length === 1);
    controller.abort();
    assert.match(
      reasonOf(await answer),
      /had not answered after \d+ ms, when the deadline of its caller ended the wait$/,
    );
    assert.deepEqual(outcomes, ['aborted']);
    await until(() => fake.broken === 1 && fake.sockets.size === 0);
  });

  it('is not asked for a caller that has given up', async () => {
    const { ask, outcomes } = clientOf(fake.url());
    assert.match(reasonOf(await ask(AbortSignal.abort())), /was not asked/);
    assert.deepEqual([fake.requests.length, outcomes], [0, ['aborted']]);
  });

  for (const [what, headers] of [
    ['with a length', { 'content-length': String(text.length) }],
    ['in chunks', {}],
  ] as const) {
    it(`that breaks off in the middle of its answer ${what}: says so`, async () => {
      fake.handler = (_, response) => {
        response.writeHead(200, headers);
        response.write(text.slice(0, 50), () => response.destroy());
      };
      const { ask, outcomes } = clientOf(fake.url());
      assert.match(reasonOf(await ask()), /broke off in the middle of its answer$/);
      assert.deepEqual([outcomes, fake.requests.length], [['failed'], 1]);
    });
  }

  it('that breaks off before its answer on a new connection: says so, without a second attempt', async () => {
    fake.handler = (_, response) => {
      response.destroy();
    };
    assert.match(
      reasonOf(await clientOf(fake.url()).ask()),
      /broke off the connection at .* without an answer$/,
    );
    assert.equal(fake.requests.length, 1);
  });

  it('that closed the kept connections: is asked once more, over a new one', async () => {
    const { ask, outcomes } = clientOf(fake.url());
    const first = await Promise.all([ask(), ask(), ask()]);
    assert.ok(first.every(({ kind }) => kind === 'series'));
    const old = new Set(fake.requests.map(({ connection }) => connection));
    fake.handler = (request, response) => {
      if (old.has(request.connection)) response.destroy();
      else answering(healthy)(request, response);
    };
    assert.equal((await ask()).kind, 'series');
    assert.equal(fake.requests.length, 5);
    assert.deepEqual(outcomes, ['answered', 'answered', 'answered', 'answered']);
    await until(() => fake.sockets.size === 1);
  });

  it('that answers too much: is cut off while it answers', async () => {
    const series = `${JSON.stringify(oneSeries)},`.repeat(500);
    fake.handler = async (_, response) => {
      response.writeHead(200).write('{"status":"success","data":{"resultType":"matrix","result":[');
      while (!response.destroyed) {
        response.write(series);
        await pause(1);
      }
    };
    const { ask, outcomes, queries } = clientOf(fake.url(), {
      maxSeries: 1e7,
      maxResponseBytes: 1024 * 1024,
    });
    assert.match(reasonOf(await ask()), /answers more than 1 MiB \(maxResponse\)/);
    assert.deepEqual(outcomes, ['too-large']);
    const [query] = queries;
    assert.ok(query !== undefined && query.bytes < 2 * 1024 * 1024);
    await until(() => fake.broken === 1);
  });

  it('lets the process go on while a large answer comes in', async () => {
    const values = Array.from({ length: 1000 }, (_, index) => [1_760_000_000 + index, String(index)]);
    const body = JSON.stringify(
      matrix(Array.from({ length: 400 }, (_, pod) => ({ metric: { pod: String(pod) }, values }))),
    );
    fake.handler = (_, response) => {
      response.writeHead(200).end(body);
    };
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const answer = await clientOf(fake.url()).ask();
    clearInterval(timer);
    assert.ok(answer.kind === 'series' && answer.series.length === 400);
    assert.ok(turns > 10, `${turns} turns`);
  });

  it('that speaks something else than HTTP: says so', async () => {
    const open = new Set<Socket>();
    const other = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    assert.match(reasonOf(await clientOf(url).ask()), /does not speak HTTP at .*\(HPE_[A-Z_]+\)/);
    for (const socket of open) socket.destroy();
    other.close();
  });

  it('ends idle connections when it is closed, the one in use after its query, and later ones likewise', async () => {
    let release: (() => void) | undefined;
    const { ask, server } = clientOf(fake.url());
    await Promise.all([ask(), ask()]);
    await until(() => fake.sockets.size === 2);
    fake.handler = (request, response) => {
      release = () => {
        void answering(healthy)(request, response);
      };
    };
    const last = ask();
    await until(() => release !== undefined);
    server.close();
    await until(() => fake.sockets.size === 1);
    release?.();
    assert.equal((await last).kind, 'series');
    await until(() => fake.sockets.size === 0);
    fake.handler = answering(healthy);
    assert.equal((await ask()).kind, 'series');
    await until(() => fake.sockets.size === 0);
  });
});
