import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Kysely, sql, SqliteDialect, SqliteDriver, type SqliteDialectConfig } from 'kysely';
import Database from 'libsql';
import { join } from 'node:path';
import { migrate } from '../../../src/sources/ledger/migrate.js';
import { sqliteFile } from '../../../src/sources/ledger/sqlite/sqlite-dialect.js';
import type { LedgerConnections } from '../../../src/sources/ledger/ledger-dialect.js';
import type { Tables } from '../../../src/sources/ledger/tables.js';
import { Writer } from '../../../src/sources/ledger/writer.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

/** A database whose commits are never answered. */
class CutAtCommit extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new CutAtCommitDriver(this.#config);
  }
}

class CutAtCommitDriver extends SqliteDriver {
  override commitTransaction(): Promise<void> {
    return Promise.reject(Object.assign(new Error('cut'), { code: 'LOST' }));
  }
}

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

  describe('where the connection is lost', () => {
    const lost = () => Object.assign(new Error('the connection was lost'), { code: 'LOST' });

    /** A writer that takes such an error for a lost connection. */
    function overLines(db: Kysely<Tables>): Writer {
      const failureKind = (error: unknown) =>
        error instanceof Error && 'code' in error && error.code === 'LOST' ? 'away' : 'other';
      return new Writer(db, { failureKind }, () => undefined);
    }

    it('does the same once more on another one, and nothing twice', async () => {
      let attempts = 0;
      await overLines(db).run(async (transaction) => {
        await transaction
          .insertInto('models')
          .values({ namespace: 'n', name: 'a', change_marker: 1 })
          .execute();
        if (++attempts === 1) throw lost();
      });
      assert.equal(attempts, 2);
      assert.deepEqual(await names(), ['a']);
    });

    it('says that the database is gone where the next one is lost too, and not before', async () => {
      const over = overLines(db);
      const once = lost();
      await assert.rejects(
        over.runOnce(() => Promise.reject(once)),
        once,
      );
      assert.equal(over.isGone(once), false);
      const twice: Error[] = [];
      const failing = over.run(() => {
        twice.push(lost());
        return Promise.reject(twice.at(-1) ?? new Error('none'));
      });
      await assert.rejects(failing, (error) => over.isGone(error));
      assert.equal(twice.length, 2);
    });

    it('leaves it at that where nobody knows whether it was committed', async () => {
      const plain = new Kysely<Tables>({
        dialect: new CutAtCommit({ database: new Database(join(folder, 'ledger.sqlite')) }),
      });
      let attempts = 0;
      const over = overLines(plain);
      await assert.rejects(
        over.run(() => Promise.resolve(++attempts)),
        (error) => error instanceof Error && error.message === 'cut' && !over.isGone(error),
      );
      assert.equal(attempts, 1);
      await plain.destroy();
    });
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
