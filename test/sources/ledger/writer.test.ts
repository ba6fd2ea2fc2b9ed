import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import Database from 'libsql';
import { join } from 'node:path';
import { migrate } from '../../../src/sources/ledger/migrate.js';
import { sqliteFile } from '../../../src/sources/ledger/sqlite/sqlite-dialect.js';
import type { LedgerConnections } from '../../../src/sources/ledger/ledger-dialect.js';
import type { Tables } from '../../../src/sources/ledger/tables.js';
import { Writer } from '../../../src/sources/ledger/writer.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describe('Writer', () => {
  let folder: string;
  let connections: LedgerConnections;
  let db: Kysely<Tables>;
  let writer: Writer;
  let gone: Error | undefined;

  beforeEach(async () => {
    folder = await temporaryFolder();
    const dialect = sqliteFile(folder);
    connections = await dialect.open();
    db = connections.writer;
    await migrate(db, dialect);
    await connections.migrated();
    gone = undefined;
    writer = new Writer(db, dialect, () => {
      if (gone !== undefined) throw gone;
    });
  });

  afterEach(() => connections.close());
  after(removeTemporaryFolders);

  const insert = (name: string) => () =>
    writer.run((transaction) =>
      transaction.insertInto('models').values({ namespace: 'n', name, change_marker: 1 }).execute(),
    );
  const names = async () => {
    const rows = await db.selectFrom('models').select('name').orderBy('name').execute();
    return rows.map((row) => row.name);
  };

  it('undoes what fails, and says why', async () => {
    await insert('a')();
    await assert.rejects(
      writer.run(async (transaction) => {
        await transaction.deleteFrom('models').execute();
        throw new Error('no');
      }),
      /no/,
    );
    assert.deepEqual(await names(), ['a']);
    await assert.rejects(insert('a')(), { code: /SQLITE_CONSTRAINT/ });
  });

  it('tells why a transaction was lost, also where none is left to undo', async () => {
    await assert.rejects(
      writer.run(async (transaction) => {
        // Ends the transaction below the writer, as a full disk does.
        await sql`rollback`.execute(transaction);
        throw new Error('the disk is full');
      }),
      /the disk is full/,
    );
    await insert('c')();
    assert.deepEqual(await names(), ['c']);
  });

  it('commits nothing that would not be durable', async () => {
    const reason = new Error('the file is gone');
    gone = reason;
    await assert.rejects(insert('a')(), reason);
    gone = undefined;
    await insert('b')();
    assert.deepEqual(await names(), ['b']);
  });

  it('waits for the lock of another process without standing still', async () => {
    const other = new Database(join(folder, 'ledger.sqlite'));
    other.exec('begin immediate');
    let written = false;
    const writing = insert('a')().then(() => (written = true));
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    assert.equal(written, false);
    other.exec('commit');
    other.close();
    await writing;
    assert.deepEqual(await names(), ['a']);
  });
});
