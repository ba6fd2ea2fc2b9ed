import assert from 'node:assert/strict';
import { Client } from 'pg';
import { CountBatch, openLedger, openMemoryLedger, type Ledger } from '../../../src/sources/index.js';
import { joinKey, joinKeyText } from '../../../src/sources/ledger/join-key.js';
import { at, noonMs, Scene } from '../../sources/ledger/conformance/scene.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { until } from '../../support/until.js';

const query = { namespace: 'default', model: 'fraud', canary: 'v2', asOfMs: at(2) };

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

describe('a database that others use as well', function () {
  this.timeout(30_000);
  let server: PostgresServer;
  let url = '';
  const opened: Ledger[] = [];
  const holders: Client[] = [];

  before(async function () {
    this.timeout(60_000);
    server = await PostgresServer.create();
  });

  after(() => server.remove());

  beforeEach(async () => {
    url = await server.database();
  });

  afterEach(async () => {
    await Promise.all(holders.splice(0).map((holder) => holder.end()));
    await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  });

  async function open(databaseUrl = url): Promise<Scene> {
    const ledger = await openLedger({ databaseUrl });
    opened.push(ledger);
    return new Scene(ledger);
  }

  /** Somebody who has begun a transaction with a statement, and ends it when told to. */
  async function holding(statement: string): Promise<Client> {
    const holder = new Client({ connectionString: url });
    await holder.connect();
    holders.push(holder);
    await holder.query('begin');
    await holder.query(statement);
    return holder;
  }

  const ask = (sql: string) => server.query(sql, nameOf(url));

  /** The writers of a ledger that wait for somebody. */
  const waiting = () =>
    ask(
      "select pid from pg_stat_activity where application_name = 'ml-verdict writer' and wait_event_type = 'Lock' and datname = current_database()",
    );

  it('keeps a rollback while somebody counts in its model, and tells at once that there is one', async () => {
    const scene = await open();
    await scene.serve([{ version: 'v2', minute: 0 }]);
    const before = await scene.ledger.changeMarker('default', 'fraud');
    const holder = await holding('update models set change_marker = change_marker + 1');
    await scene.verdict({ id: 'x', verdict: 'rollback', asOf: '2026-01-05T12:01:00Z' });
    const after = await scene.ledger.changeMarker('default', 'fraud');
    assert.notEqual(after, before);
    assert.equal((await scene.ledger.history.list({ limit: 9, verdict: 'rollback' })).records.length, 1);
    await holder.query('commit');
    assert.notEqual(await scene.ledger.changeMarker('default', 'fraud'), after);
  });

  for (const replica of ['the same replica', 'another replica']) {
    it(`counts for ${replica} in a model while a great many ids of it are written`, async () => {
      const scene = await open();
      const other = replica === 'the same replica' ? scene : await open();
      await scene.serve([{ version: 'v2', minute: 0 }]);
      const batch = new CountBatch();
      for (let request = 0; request < 6000; request++) {
        batch.addRequest({
          namespace: 'default',
          model: 'fraud',
          version: 'v2',
          atMs: noonMs,
          failed: false,
          id: `r${request}`,
          predictions: new Map(),
        });
      }
      // It stops at an id that somebody else is about to write.
      const key = joinKeyText(joinKey('default', 'fraud', 'r5999'));
      const holder = await holding(`insert into prediction_ids values ('${key}', 1, 1, 1)`);
      const large = scene.ledger.record(batch, { nowMs: noonMs });
      await until(async () => (await waiting()).length > 0);
      await other.serve([{ version: 'v2', minute: 0 }]);
      await other.serve([{ version: 'v2', minute: 0, id: 'new' }]);
      assert.equal((await other.observe(2)).looks[0]?.canary?.requests, 3);
      await holder.query('rollback');
      assert.equal((await large).kind, 'recorded');
      assert.equal((await other.observe(2)).looks[0]?.canary?.requests, 6003);
      assert.equal(await other.outcomes([{ id: 'r5999', minute: 1, value: 1 }]), 0);
    });
  }

  it('gives the batches up together that the database is too slow for', async () => {
    const scene = await open();
    await ask('create sequence attempts');
    await ask(
      "create function slow() returns trigger language plpgsql as $$ begin perform nextval('attempts'); perform pg_sleep(60); return new; end $$",
    );
    await ask('create trigger slow before insert on minute_counts for each row execute function slow()');
    const answers = await Promise.allSettled(
      Array.from({ length: 6 }, () => scene.serve([{ version: 'v2', minute: 0 }])),
    );
    for (const answer of answers) {
      assert.ok(answer.status === 'rejected');
      assert.match(String(answer.reason), /the database took too long/);
    }
    assert.deepEqual(await ask('select last_value from attempts'), [{ last_value: '1' }]);
  });

  it('loses nothing when it ends one connection, neither what was on it nor what waited', async () => {
    const scene = await open();
    await scene.serve([{ version: 'v2', minute: 0 }]);
    await scene.serve([{ version: 'v2', minute: 0, model: 'other' }]);
    const holder = await holding("update models set change_marker = change_marker where name = 'fraud'");
    const first = scene.serve([{ version: 'v2', minute: 0 }]);
    await until(async () => (await waiting()).length > 0);
    const others = Array.from({ length: 9 }, () => scene.serve([{ version: 'v2', minute: 0 }]));
    const [held] = await waiting();
    await ask(`select pg_terminate_backend(${String(held?.['pid'])})`);
    await until(async () => (await waiting()).some(({ pid }) => pid !== held?.['pid']));
    await holder.query('commit');
    await Promise.all([first, ...others]);
    assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 11);
    assert.deepEqual(scene.ledger.status(), { available: true });
  });

  it('writes what is answered through to the disk, whatever the database does for others', async () => {
    await (await open()).ledger.close();
    for (const [set, expected] of [
      ['off', 'on'],
      ['remote_apply', 'remote_apply'],
    ]) {
      await ask(`alter database ${nameOf(url)} set synchronous_commit = ${set}`);
      await ask('drop table if exists promised cascade; create table promised (how text)');
      await ask(
        "create or replace function promise() returns trigger language plpgsql as $$ begin insert into promised values (current_setting('synchronous_commit')); return new; end $$",
      );
      await ask(
        'create or replace trigger promise before insert on minute_counts for each row execute function promise()',
      );
      await (await open()).serve([{ version: 'v2', minute: 0 }]);
      assert.deepEqual(await ask('select how from promised'), [{ how: expected }]);
    }
  });

  it('changes its schema without keeping anybody waiting behind it, as soon as nobody is in the way', async () => {
    const old = await open();
    await old.serve([{ version: 'v2', minute: 0 }]);
    for (const statement of [
      "delete from kysely_migration where name > '0004'",
      'drop table rollback_marks',
      'drop index pending_outcomes_of_key',
      'create index pending_outcomes_by_key on pending_outcomes (key)',
      'drop index verdicts_once',
      'alter table verdicts add constraint verdicts_once unique (namespace, model, canary, id, step)',
    ]) {
      await ask(statement);
    }
    const holder = await holding('select 1 from verdicts; select 1 from pending_outcomes');
    const fresh = await open();
    await until(() => (fresh.ledger.status().reason ?? '').includes('other work held the same rows'));
    assert.equal((await old.ledger.observe(query)).kind, 'observations');
    await holder.query('rollback');
    await until(() => fresh.ledger.status().available);
    assert.equal((await fresh.ledger.observe(query)).kind, 'observations');
  });

  it('orders names and labels by their code units, whatever its own language does', async () => {
    await server.query(
      "create database in_words template template0 locale_provider icu icu_locale 'en-US' encoding 'UTF8'",
    );
    url = server.url('in_words');
    const [sorted] = await ask("select 'a' < 'B' as words");
    assert.deepEqual(sorted, { words: true });
    const memory = await openMemoryLedger();
    opened.push(memory);
    const texts = ['o', 'B', 'ä', 'Z', 'a', '_', '-x', 'x-', 'É', '\u{1F600}', '\uFF5E', 'ﬀ', 'ff'];
    const answers = [];
    for (const scene of [await open(), new Scene(memory)]) {
      for (const text of texts) {
        await scene.serve([
          { version: 'v2', minute: 0, outputs: { class: text, [text]: 0.5 } },
          { version: 'v2', minute: 0, model: text },
        ]);
        await scene.outcomes([{ version: 'v2', minute: 0, name: text, value: 1 }]);
      }
      const { looks } = await scene.observe(2);
      answers.push({
        looks,
        order: [...(looks[0]?.canary?.predictions.keys() ?? [])],
        outcomes: [...(looks[0]?.canary?.outcomes.keys() ?? [])],
        suggested: await scene.ledger.observe({ ...query, model: 'unknown' }),
      });
    }
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(answers[0]?.outcomes, [...texts].sort());
  });
});
