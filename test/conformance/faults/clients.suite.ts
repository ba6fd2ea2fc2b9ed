import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { mebibytes } from '../../support/service/process-figures.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { until } from '../../support/until.js';
import { askVerdict, sendCanary } from './canary-traffic.js';
import { whileAsking } from './while-asking.js';

/** What a verdict may take, whatever others do: the deadline of the default config. */
const deadlineMs = 8000;

describe('clients that misbehave', function () {
  this.timeout(120_000);
  let folder: string;
  let service: ServiceProcess;

  before(() => void compiledProgram());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-clients-'));
  });

  afterEach(async () => {
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(server: Readonly<Record<string, string>>, mostOpenFiles?: number): Promise<void> {
    service = await ServiceProcess.start({
      ledger: { folder },
      config: { server },
      ...(mostOpenFiles === undefined ? {} : { openFiles: mostOpenFiles }),
    });
    await sendCanary(service);
  }

  /** The value of a counter of the service. */
  async function metric(name: string): Promise<number> {
    const { text } = await service.call('/metrics');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  it('100 that send one byte a second: each is cut off when its time is up, others are answered', async () => {
    await start({ headersTimeout: '3s', requestTimeout: '4s', answerTimeout: '5s' });
    const heads = [
      'GET /v1/verdict?model=shop HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'POST /v1/verdict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{',
      'POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{',
      'POST /v1/predictions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
      'POST /v1/events/default/shop/v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{',
    ];
    const { result: told, slowestMs } = await whileAsking(service, () =>
      Promise.all(Array.from({ length: 100 }, (_, index) => dripping(heads[index % heads.length] ?? ''))),
    );
    assert.ok(slowestMs < deadlineMs, `${slowestMs} ms`);
    for (const text of told) assert.match(text, /^(?:HTTP\/1\.1 (?:408|400) |$)/);
    assert.equal(await metric('ml_verdict_requests_in_flight{pool="ingest"}'), 0);
    assert.equal(await metric('ml_verdict_requests_in_flight{pool="verdicts"}'), 0);
  });

  /** Sends a head, then a byte a second until the service closes the connection; answers what it said. */
  function dripping(head: string): Promise<string> {
    return new Promise((resolve) => {
      let received = '';
      const socket = connect(service.port, '127.0.0.1', () => socket.write(head));
      const timer = setInterval(() => socket.write('1'), 1000);
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
      socket.on('error', () => undefined);
      socket.once('close', () => {
        clearInterval(timer);
        resolve(received);
      });
    });
  }

  it('20 that ask again and again and never read: each is cut off, at bounded memory, others are answered', async () => {
    await start({ requestTimeout: '2s', answerTimeout: '3s' });
    const usual = openFiles();
    const before = service.memory.now;
    const { slowestMs } = await whileAsking(service, async () => {
      const deaf = Array.from({ length: 20 }, () => connect(service.port, '127.0.0.1').pause());
      for (const socket of deaf) socket.on('error', () => undefined);
      // More answers than the buffers of both sides hold.
      for (let asked = 0; asked < 100; asked++) {
        for (const socket of deaf) socket.write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await pause(20);
      }
      await until(() => openFiles() <= usual + 2);
      for (const socket of deaf) socket.destroy();
    });
    assert.ok(slowestMs < deadlineMs, `${slowestMs} ms`);
    const grown = service.memory.peak - before;
    assert.ok(grown < 300 * 1024 * 1024, `${mebibytes(grown)} MiB`);
  });

  it('40 that send 1,000 requests in one piece: bounded memory, others are answered', async () => {
    await start({});
    const before = service.memory.now;
    const { slowestMs } = await whileAsking(service, async () => {
      const eager = Array.from({ length: 40 }, (_, index) => {
        const socket = connect(service.port, '127.0.0.1');
        socket.on('error', () => undefined).pause();
        const path = ['/openapi.json', '/metrics', '/v1/verdict?model=shop&canary=v2', '/v1/verdicts'][
          index % 4
        ];
        socket.write(`GET ${path ?? ''} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(1000));
        return socket;
      });
      await Promise.all(eager.map((socket) => once(socket, 'connect')));
      for (let index = 0; index < 5; index++) await askVerdict(service, `more-${index}`);
      for (const socket of eager) socket.destroy();
    });
    assert.ok(slowestMs < deadlineMs, `${slowestMs} ms`);
    const grown = service.memory.peak - before;
    assert.ok(grown < 300 * 1024 * 1024, `${mebibytes(grown)} MiB`);
  });

  it('10,000 that keep a connection open without a word: verdicts and probes are answered, at bounded memory', async () => {
    await start({}, 16_384);
    const holders: ChildProcess[] = [];
    try {
      const { slowestMs } = await whileAsking(service, async () => {
        for (let index = 0; index < 4; index++) holders.push(holdConnections(2500));
        await Promise.all(holders.map((holder) => once(holder.stdout ?? holder, 'data')));
      });
      assert.ok(slowestMs < deadlineMs, `${slowestMs} ms`);
      const { slowestMs: slowestThenMs, answered } = await whileAsking(service, async () => {
        for (let index = 0; index < 50; index++) await askVerdict(service, `more-${index}`);
      });
      assert.ok(answered > 0 && slowestThenMs < deadlineMs, `${slowestThenMs} ms`);
      for (const { exitCode } of holders) assert.equal(exitCode, null, 'a connection was lost');
      assert.ok(openFiles() >= 10_000, `${openFiles()} open`);
      assert.ok(service.memory.peak < 600 * 1024 * 1024, `${mebibytes(service.memory.peak)} MiB`);
    } finally {
      for (const holder of holders) holder.kill('SIGKILL');
    }
  });

  function holdConnections(count: number): ChildProcess {
    const module = fileURLToPath(new URL('idle-connections.ts', import.meta.url));
    return fork(module, [String(service.port), String(count)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
  }

  /** How many files and connections the service has open. */
  function openFiles(): number {
    return readdirSync(`/proc/${service.pid}/fd`).length;
  }
});
