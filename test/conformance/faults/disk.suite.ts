import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUser } from '../../support/postgres/server-user.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { until } from '../../support/until.js';
import { assertWholeBatches } from './assert-whole-batches.js';
import { askVerdict, canaryModel, sendCanary } from './canary-traffic.js';
import { MountedDisk } from './mounted-disk.js';
import { NumberedBatches } from './numbered-batches.js';
import { PersistentSenders } from './persistent-senders.js';
import { askSqlite } from './sqlite-database.js';
import { storedMinutes } from './stored-minutes.js';

describe('the disk of the embedded ledger', function () {
  this.timeout(60_000);
  let service: ServiceProcess;
  let clients: PersistentSenders | undefined;
  const folders: string[] = [];

  before(() => void compiledProgram());

  afterEach(async () => {
    clients?.abandon();
    await service.kill();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** The numbers of the batches that a ledger holds, each as a whole. */
  async function batchesIn(folder: string, batches: NumberedBatches): Promise<ReadonlySet<number>> {
    const stored = await storedMinutes(askSqlite(folder));
    return assertWholeBatches(
      stored.filter(({ model }) => model !== canaryModel),
      batches,
    );
  }

  it('full: ingest is refused with that reason, verdicts are given, nothing is lost, and it goes on once there is room', async () => {
    const disk = MountedDisk.inMemory(24 * 1024 * 1024);
    try {
      service = await ServiceProcess.start({ ledger: { folder: disk.folder } });
      await sendCanary(service);
      const before = await askVerdict(service);
      const batches = new NumberedBatches('full', Date.now());
      const senders = new PersistentSenders(batches, () => service.url);
      clients = senders;
      senders.start(3);
      for (let time = 0; time < 3; time++) {
        disk.fill(200_000);
        const refused = senders.tally.refused;
        await until(() => senders.tally.refused > refused + 20);
        const during = await askVerdict(service, String(time));
        assert.equal(during.verdict, before.verdict);
        assert.notEqual(during.reasons[0]?.code, 'source-unavailable');
        assert.equal((await service.call('/readyz')).status, 200);
        disk.free();
        const enough = senders.tally.acknowledged.size + 5;
        await until(() => senders.tally.acknowledged.size >= enough);
      }
      const { acknowledged, unexpected, refusals } = await senders.finish();
      assert.deepEqual(unexpected, []);
      assert.deepEqual([...refusals], ['the ledger cannot be used: the disk is full']);
      assert.deepEqual(await batchesIn(disk.folder, batches), acknowledged);
      await service.kill();
      assert.deepEqual(await askSqlite(disk.folder)('pragma integrity_check'), [{ integrity_check: 'ok' }]);
    } finally {
      await service.kill();
      disk.remove();
    }
  });

  it('that becomes read-only while it is used: ingest is refused, verdicts are given, and after a repair every acknowledged batch is there once', async () => {
    const disk = MountedDisk.inFile(32 * 1024 * 1024);
    try {
      service = await ServiceProcess.start({ ledger: { folder: disk.folder } });
      await sendCanary(service);
      const before = await askVerdict(service);
      const batches = new NumberedBatches('read-only', Date.now());
      const senders = new PersistentSenders(batches, () => service.url);
      clients = senders;
      senders.start(3);
      await until(() => senders.tally.acknowledged.size >= 10);
      disk.abort();
      const { refused } = senders.tally;
      await until(() => senders.tally.refused > refused + 20);
      const during = await askVerdict(service, '1');
      assert.equal(during.verdict, before.verdict);
      assert.equal((await service.call('/readyz')).status, 200);
      const { port } = service;
      await service.kill();
      disk.repair();
      service = await ServiceProcess.start({ ledger: { folder: disk.folder }, port });
      const { acknowledged, refusals, unexpected } = await senders.finish();
      assert.deepEqual(unexpected, []);
      for (const refusal of refusals) {
        assert.match(refusal, /^the ledger cannot be used: the (?:disk|database) /);
      }
      assert.deepEqual(await batchesIn(disk.folder, batches), acknowledged);
    } finally {
      await service.kill();
      disk.remove();
    }
  });

  it('that is read-only when the service starts: it ends with a sentence that says so', async () => {
    const user = serverUser();
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-read-only-'));
    folders.push(folder);
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const options = { ledger: { folder }, ...(user === undefined ? {} : { user }) };
    service = await ServiceProcess.start(options);
    await sendCanary(service);
    service.signal('SIGTERM');
    await service.ended();
    const files = ['.', ...readdirSync(folder)].map((name) => join(folder, name));
    for (const file of files) chmodSync(file, file === folder ? 0o555 : 0o444);
    service = ServiceProcess.launch(options);
    assert.deepEqual(await service.ended(), { status: 3, signal: null });
    assert.match(service.log.join('\n'), /^ml-verdict: the ledger "[^"]+" cannot be opened: .*read-only/);
    for (const file of files) chmodSync(file, file === folder ? 0o755 : 0o644);
    service = await ServiceProcess.start(options);
    assert.equal((await askVerdict(service)).model, 'shop');
  });
});
