import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../../support/service/call.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { until } from '../../support/until.js';
import { assertWholeBatches } from './assert-whole-batches.js';
import { canaryModel, sendCanary, verdictPath } from './canary-traffic.js';
import { HalfSent } from './half-sent.js';
import { NumberedBatches } from './numbered-batches.js';
import { askSqlite } from './sqlite-database.js';
import { storedMinutes } from './stored-minutes.js';

const drainSeconds = 2;
const graceSeconds = 5;

/** How often a load balancer asks whether the service is ready; it has to be several times within the drain. */
const probeEveryMs = 100;

describe('SIGTERM under load', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => void compiledProgram());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-stop-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('fails no request of clients that leave once it is not ready, ends with 0 in time, and keeps all that it acknowledged', async () => {
    const options = {
      ledger: { folder },
      config: { server: { drainDelay: `${drainSeconds}s`, stopGrace: `${graceSeconds}s` } },
    };
    const service = await ServiceProcess.start(options);
    await sendCanary(service);
    const batches = new NumberedBatches('stop', Date.now());
    const acknowledged = new Set<number>();
    const failures: string[] = [];
    let ready = true;
    let answered = 0;
    let next = 1;

    /** Repeats requests, by turns on a kept connection and on new ones, until the service says that it is not ready. */
    const client = async (request: (agent: Agent | undefined) => Promise<void>): Promise<void> => {
      const agent = new Agent({ keepAlive: true });
      for (let round = 0; ready; round++) {
        try {
          await request(round % 3 === 0 ? undefined : agent);
          answered++;
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
        }
      }
      agent.destroy();
    };
    const send = async (agent: Agent | undefined): Promise<void> => {
      const number = next++;
      const answer = await call(`${service.url}/v1/predictions`, {
        body: batches.body(number),
        ...(agent === undefined ? {} : { agent }),
      });
      assert.equal(answer.status, 200, answer.text);
      acknowledged.add(number);
    };
    const ask = async (agent: Agent | undefined): Promise<void> => {
      const answer = await call(service.url + verdictPath(), agent === undefined ? {} : { agent });
      assert.equal(answer.status, 200, answer.text);
    };
    const probe = async (): Promise<void> => {
      while (ready) {
        ready = (await service.call('/readyz')).status === 200;
        await pause(probeEveryMs);
      }
    };
    const clients = [client(send), client(send), client(send), client(ask), client(ask), probe()];
    await until(() => answered > 100);
    const stoppedAt = performance.now();
    const answeredBefore = answered;
    service.signal('SIGTERM');
    await Promise.all(clients);
    assert.deepEqual(failures, []);
    assert.ok(answered > answeredBefore, 'nothing was answered between the signal and the end of readiness');
    assert.deepEqual(await service.ended(), { status: 0, signal: null });
    const seconds = (performance.now() - stoppedAt) / 1000;
    assert.ok(seconds < drainSeconds + graceSeconds + 1, `${seconds} s`);

    const again = await ServiceProcess.start(options);
    try {
      const stored = await storedMinutes(askSqlite(folder));
      const found = assertWholeBatches(
        stored.filter(({ model }) => model !== canaryModel),
        batches,
      );
      assert.deepEqual(found, acknowledged);
    } finally {
      await again.kill();
    }
  });

  it('answers a body that was half sent before the drain ended, and cuts one that never ends after the grace', async () => {
    const service = await ServiceProcess.start({
      ledger: { folder },
      config: { server: { drainDelay: '500ms', stopGrace: '2s' } },
    });
    const line = '{"model":"fraud","version":"v1"}\n';
    const finished = new HalfSent(service.port, line.repeat(100), line.length * 200);
    const endless = new HalfSent(service.port, line.repeat(100), line.length * 200);
    await Promise.all([finished.sent, endless.sent]);
    service.signal('SIGTERM');
    await until(() => service.call('/readyz').then(({ status }) => status === 503));
    await until(() =>
      service.call('/healthz').then(
        () => false,
        () => true,
      ),
    );
    finished.send(line.repeat(100));
    assert.match(await finished.answer, /^HTTP\/1\.1 200 .*"accepted":200,/s);
    assert.equal(await endless.answer, '');
    assert.deepEqual(await service.ended(), { status: 0, signal: null });
  });
});
