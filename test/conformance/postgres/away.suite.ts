import assert from 'node:assert/strict';
import { openLedger, type Ledger } from '../../../src/sources/index.js';
import { at, noonMs, Scene } from '../../sources/ledger/conformance/scene.js';
import { BrokenLine } from '../../support/postgres/broken-line.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { until } from '../../support/until.js';

const query = { namespace: 'default', model: 'fraud', canary: 'v2', asOfMs: at(2) };

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'unavailable');
    assertTellsNothing(error);
    return error.message;
  }
  return assert.fail('it did not fail');
}

/** Neither an error nor what lies below it names the host, the user, the password, a statement or a value. */
function assertTellsNothing(error: unknown): void {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const told = `${at.message} ${at.stack ?? ''} ${JSON.stringify(at)}`;
    assert.doesNotMatch(told, /127\.0\.0\.1|tester|secret|select |insert |fraud/);
  }
}

async function answers(ledger: Ledger): Promise<boolean> {
  return ledger.ping().then(
    () => true,
    () => false,
  );
}

describe('a database that is away', function () {
  this.timeout(40_000);
  let server: PostgresServer;
  const opened: Ledger[] = [];

  before(async function () {
    this.timeout(60_000);
    server = await PostgresServer.create();
  });

  after(() => server.remove());

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
    await server.start();
  });

  async function open(databaseUrl: string): Promise<Ledger> {
    const ledger = await openLedger({ databaseUrl });
    opened.push(ledger);
    return ledger;
  }

  it('is waited for when the ledger is opened, and used as soon as it is there', async () => {
    const url = await server.database();
    await server.stop();
    const ledger = await open(url);
    assert.deepEqual(ledger.status(), {
      available: false,
      reason: 'the ledger cannot be used: nothing answers at the address of the database',
    });
    assert.match(await reasonOf(new Scene(ledger).serve([{ version: 'v2', minute: 0 }])), /nothing answers/);
    assert.equal((await ledger.observe(query)).kind, 'unavailable');
    await server.start();
    await until(() => answers(ledger));
    assert.deepEqual(ledger.status(), { available: true });
    const scene = new Scene(ledger);
    await scene.serve([{ version: 'v2', minute: 0 }]);
    assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 1);
  });

  for (const how of ['fast', 'crash'] as const) {
    it(`is used again when it is back after it was stopped (${how}), with nothing lost`, async () => {
      const scene = new Scene(await open(await server.database()));
      await scene.serve([{ version: 'v2', minute: 0, count: 3 }]);
      await server.stop(how);
      assert.match(
        await reasonOf(scene.serve([{ version: 'v2', minute: 0 }])),
        /^the ledger cannot be used: /,
      );
      const answer = await scene.ledger.observe(query);
      assert.ok(answer.kind === 'unavailable');
      assertTellsNothing(new Error(answer.reason));
      assert.equal(scene.ledger.status().available, false);
      await server.start();
      await until(() => answers(scene.ledger));
      await scene.serve([{ version: 'v2', minute: 0 }]);
      assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 4);
      assert.deepEqual(scene.ledger.status(), { available: true });
    });
  }

  it('holds nobody up for long where the network swallows everything, and is used again afterwards', async () => {
    const line = await BrokenLine.to(server.port);
    try {
      const url = new URL(await server.database());
      url.port = String(line.port);
      const scene = new Scene(await open(url.href));
      await scene.serve([{ version: 'v2', minute: 0 }]);
      line.fallSilent();
      const [read, written, pinged] = await Promise.all([
        scene.ledger.observe(query),
        reasonOf(scene.serve([{ version: 'v2', minute: 0 }])),
        reasonOf(scene.ledger.ping()),
      ]);
      // All of them have answered while the network is still silent.
      assert.equal(read.kind, 'unavailable');
      assert.match(written + pinged, /does not answer in time/);
      line.recover();
      await until(() => answers(scene.ledger));
      await scene.serve([{ version: 'v2', minute: 0 }]);
      assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 2);
    } finally {
      await line.close();
    }
  });

  it('may cut every connection without anybody noticing', async () => {
    const scene = new Scene(await open(await server.database()));
    await scene.serve([{ version: 'v2', minute: 0 }]);
    for (let round = 0; round < 3; round++) {
      await server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'ml-verdict%'",
      );
      await scene.serve([{ version: 'v2', minute: 0 }]);
      await scene.observe(2);
    }
    assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 4);
  });

  it('is refused when it turns out to have a newer schema, at once or later', async () => {
    const url = await server.database();
    await (await open(url)).close();
    const name = new URL(url).pathname.slice(1);
    await server.query("insert into kysely_migration values ('0099-from-the-future', 'now')", name);
    await assert.rejects(openLedger({ databaseUrl: url }), {
      code: 'invalid-config',
      message: /newer version of ml-verdict \(its schema has "0099-from-the-future".*another database/,
    });
    await server.stop();
    const ledger = await open(url);
    await server.start();
    await until(() => (ledger.status().reason ?? '').includes('newer version'));
    assert.match(await reasonOf(ledger.ping()), /newer version of ml-verdict/);
  });

  it('says that it refuses the password, without telling it', async () => {
    const url = new URL(await server.database());
    url.password = 'another-secret';
    const ledger = await open(url.href);
    assert.match(await reasonOf(ledger.ping()), /refuses the user or the password/);
    assert.match(ledger.status().reason ?? '', /refuses the user or the password/);
  });

  it('may belong to others as well: their tables in their schemas are left alone', async () => {
    const url = await server.database();
    const name = new URL(url).pathname.slice(1);
    await server.query(
      'create schema others; create table others.models (id int); create table others.kysely_migration (name text)',
      name,
    );
    const scene = new Scene(await open(url));
    await scene.serve([{ version: 'v2', minute: 0 }], noonMs);
    assert.equal((await scene.observe(2)).looks.length, 1);
    assert.ok((await scene.ledger.size()) > 0);
  });
});
