import assert from 'node:assert/strict';
import { sql, type Kysely } from 'kysely';
import { migrate } from '../../../src/sources/ledger/migrate.js';
import { sqliteMemory } from '../../../src/sources/ledger/sqlite-dialect.js';
import type { Tables } from '../../../src/sources/ledger/tables.js';
import { WriteQueue } from '../../../src/sources/ledger/write-queue.js';

describe('WriteQueue', () => {
  let db: Kysely<Tables>;
  let queue: WriteQueue;
  let gone: Error | undefined;

  beforeEach(async () => {
    const dialect = sqliteMemory();
    db = (await dialect.open()).writer;
    await migrate(db, dialect);
    gone = undefined;
    queue = new WriteQueue(db, () => {
      if (gone !== undefined) throw gone;
    });
  });

  afterEach(() => db.destroy());

  const insert = (name: string) => () =>
    queue.run((transaction) =>
      transaction.insertInto('models').values({ namespace: 'n', name, change_marker: 1 }).execute(),
    );
  const names = async () => {
    const rows = await db.selectFrom('models').select('name').orderBy('name').execute();
    return rows.map((row) => row.name);
  };

  it('undoes only what fails, and tells only that one', async () => {
    const results = await Promise.allSettled([
      insert('a')(),
      queue.run(async (transaction) => {
        await transaction
          .insertInto('models')
          .values({ namespace: 'n', name: 'b', change_marker: 1 })
          .execute();
        throw new Error('no');
      }),
      insert('a')(),
      insert('c')(),
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await names(), ['a', 'c']);
  });

  it('shares one transaction among what waits together, and answers nobody before it is committed', async () => {
    const order: string[] = [];
    const work = (name: string) =>
      queue
        .run(() => {
          order.push(`run ${name}`);
          return Promise.resolve(name);
        })
        .then((answered) => order.push(`answered ${answered}`));
    await Promise.all([work('a'), work('b'), work('c')]);
    assert.deepEqual(order, ['run a', 'run b', 'run c', 'answered a', 'answered b', 'answered c']);
  });

  it('tells all of them when the transaction cannot be committed', async () => {
    const results = await Promise.allSettled([
      insert('a')(),
      // Ends the transaction below the queue, as a full disk does.
      queue.run((transaction) => sql`rollback`.execute(transaction)),
      insert('b')(),
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.deepEqual(await names(), []);
    await insert('c')();
    assert.deepEqual(await names(), ['c']);
  });

  it('commits nothing that would not be durable', async () => {
    const reason = new Error('the file is gone');
    const lost = insert('a')();
    gone = reason;
    await assert.rejects(lost, reason);
    gone = undefined;
    await insert('b')();
    assert.deepEqual(await names(), ['b']);
  });

  it('finishes what it has when it is closed, and takes no more', async () => {
    const running = insert('a')();
    const closing = queue.close();
    await assert.rejects(insert('b')(), { code: 'unavailable' });
    await Promise.all([running, closing]);
    assert.deepEqual(await names(), ['a']);
  });
});
