import assert from 'node:assert/strict';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { until } from '../../support/until.js';
import { assertWholeBatches } from './assert-whole-batches.js';
import { askVerdict, canaryModel, sendCanary } from './canary-traffic.js';
import { NumberedBatches } from './numbered-batches.js';
import { PersistentSenders } from './persistent-senders.js';
import { storedMinutes } from './stored-minutes.js';

describe('PostgreSQL that is stopped and started under load', function () {
  this.timeout(90_000);
  let server: PostgresServer;
  let service: ServiceProcess;
  let clients: PersistentSenders;

  before(async () => {
    compiledProgram();
    server = await PostgresServer.create();
  });

  afterEach(async () => {
    clients.abandon();
    await service.kill();
  });

  after(() => server.remove());

  for (const how of ['fast', 'crash'] as const) {
    it(`(${how}): ingest is refused with Retry-After, verdicts hold and tell the last one, all recovers, the sums are exact`, async () => {
      const databaseUrl = await server.database();
      service = await ServiceProcess.start({ ledger: { databaseUrl } });
      await sendCanary(service);
      const before = await askVerdict(service);
      assert.notEqual(before.reasons[0]?.code, 'source-unavailable');
      const batches = new NumberedBatches(how, Date.now());
      clients = new PersistentSenders(batches, () => service.url);
      clients.start(3);
      for (let stop = 0; stop < 2; stop++) {
        const enough = clients.tally.acknowledged.size + 10;
        await until(() => clients.tally.acknowledged.size >= enough);
        await server.stop(how);
        const refusalsBefore = clients.tally.refused;
        await until(() => clients.tally.refused > refusalsBefore + 5);
        const held = await askVerdict(service);
        assert.equal(held.verdict, 'hold');
        assert.equal(held.reasons[0]?.code, 'source-unavailable');
        assert.ok(
          held.reasons[0].text.includes(`${before.verdict} after ${before.looks} looks`),
          held.reasons[0].text,
        );
        const ready = await service.call('/readyz');
        assert.deepEqual(JSON.parse(ready.text), {
          status: 'ready',
          checks: { ledger: 'unavailable', stopping: false },
        });
        assert.equal((await service.call('/healthz')).status, 200);
        await server.start();
      }
      const enough = clients.tally.acknowledged.size + 10;
      await until(() => clients.tally.acknowledged.size >= enough);
      const { acknowledged, unexpected, refusals } = await clients.finish();
      const after = await askVerdict(service);
      assert.equal(after.verdict, before.verdict);
      assert.notEqual(after.reasons[0]?.code, 'source-unavailable');
      assert.deepEqual(unexpected, []);
      for (const refusal of refusals) {
        assert.match(refusal, /^the ledger cannot be used: /);
        assert.doesNotMatch(refusal, /127\.0\.0\.1|tester|secret|insert |select /);
      }
      const stored = await storedMinutes((sql) => server.query(sql, new URL(databaseUrl).pathname.slice(1)));
      const found = assertWholeBatches(
        stored.filter(({ model }) => model !== canaryModel),
        batches,
      );
      assert.deepEqual(found, acknowledged);
    });
  }
});
