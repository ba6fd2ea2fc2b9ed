import assert from 'node:assert/strict';
import { CountBatch, openLedger, type LedgerSettings } from '../../../src/sources/index.js';
import { noonMs } from '../../sources/ledger/conformance/scene.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';

const hour = 3_600_000;
const maxSizeBytes = 8 * 1024 ** 2;
const settings: Partial<LedgerSettings> = { maxSizeBytes, lookbackMs: 60_000, joinWindowMs: 168 * hour };

function idsOf(round: number, atMs: number, count: number): CountBatch {
  const batch = new CountBatch();
  for (let id = 0; id < count; id++) {
    batch.addRequest({
      namespace: 'default',
      model: 'fraud',
      version: 'v2',
      atMs,
      failed: false,
      id: `${round}-${id}`,
      predictions: new Map(),
    });
  }
  return batch;
}

describe('ledger.maxSize on PostgreSQL', function () {
  this.timeout(120_000);
  let server: PostgresServer;

  before(async function () {
    this.timeout(60_000);
    server = await PostgresServer.create();
  });

  after(() => server.remove());

  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  const idsIn = async (url: string) => {
    const [row] = await server.query('select count(*)::int as n from prediction_ids', nameOf(url));
    return Number(row?.['n']);
  };

  it('bounds the files, however long ids flow in', async () => {
    const databaseUrl = await server.database();
    const ledger = await openLedger({ databaseUrl }, settings);
    const sizes: number[] = [];
    for (let round = 0; round < 40; round++) {
      const nowMs = noonMs + round * hour;
      await ledger.record(idsOf(round, nowMs, 8000), { nowMs });
      const { full } = await ledger.sweep(nowMs);
      assert.equal(full, undefined);
      await server.query('vacuum', nameOf(databaseUrl));
      sizes.push(await ledger.size());
    }
    assert.ok(Math.max(...sizes) <= 1.3 * maxSizeBytes, String(sizes));
    // It is used well, too.
    assert.ok((sizes.at(-1) ?? 0) > 0.7 * maxSizeBytes && (await idsIn(databaseUrl)) > 35_000);
    await ledger.close();
  });

  it('takes a large file with little in it for what it is', async () => {
    const databaseUrl = await server.database();
    const ledger = await openLedger({ databaseUrl }, { ...settings, maxSizeBytes: Infinity });
    await ledger.record(idsOf(0, noonMs, 100_000), { nowMs: noonMs });
    await server.query('delete from prediction_ids where left(key, 1) > $$E$$', nameOf(databaseUrl));
    const left = await idsIn(databaseUrl);
    assert.ok((await ledger.size()) > maxSizeBytes && left > 5000);
    ledger.configure({ ...ledger.settings, maxSizeBytes });
    const { predictionIds, full } = await ledger.sweep(noonMs + hour);
    assert.deepEqual([predictionIds, full], [0, undefined]);
    await ledger.close();
  });

  it('is kept by replicas that sweep at the same time, and none removes what can stay', async () => {
    const databaseUrl = await server.database();
    const replicas = await Promise.all([1, 2, 3].map(() => openLedger({ databaseUrl }, settings)));
    const [first] = replicas;
    assert.ok(first !== undefined);
    for (let round = 0; round < 4; round++) {
      const nowMs = noonMs + round * hour;
      await first.record(idsOf(round, nowMs, 20_000), { nowMs });
    }
    const reports = await Promise.all(replicas.map((replica) => replica.sweep(noonMs + 10 * hour)));
    assert.deepEqual(
      reports.map(({ full, minutes }) => [full, minutes]),
      Array(3).fill([undefined, 0]),
    );
    assert.ok((await idsIn(databaseUrl)) > 35_000);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});
