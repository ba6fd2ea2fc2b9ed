import assert from 'node:assert/strict';
import { openLedger, type LedgerPlace } from '../../../src/sources/index.js';
import { removeTemporaryFolders, temporaryFolder } from '../../sources/ledger/temporary-folder.js';
import { answersOf, exported, fill, goOn, imported } from '../../sources/ledger/transfer/filled-ledger.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';

describe('the transfer of a ledger between databases', function () {
  this.timeout(30_000);
  let server: PostgresServer;

  before(async function () {
    this.timeout(60_000);
    server = await PostgresServer.create();
  });

  after(async () => {
    await server.remove();
    await removeTemporaryFolders();
  });

  async function carry(from: LedgerPlace, to: LedgerPlace): Promise<void> {
    const source = await openLedger(from);
    await fill(source);
    const answers = await answersOf(source);
    const lines = await exported(from);
    await source.close();
    assert.equal(await imported(to, lines), lines.length - 2);
    assert.deepEqual(await exported(to), lines);
    const target = await openLedger(to);
    assert.deepEqual(await answersOf(target), answers);
    await goOn(target);
    await target.close();
  }

  it('gives every verdict as before, from SQLite to PostgreSQL', async () => {
    await carry(await temporaryFolder(), { databaseUrl: await server.database() });
  });

  it('gives every verdict as before, from PostgreSQL to SQLite', async () => {
    await carry({ databaseUrl: await server.database() }, await temporaryFolder());
  });

  it('keeps nothing of an export that breaks off', async () => {
    const from = await temporaryFolder();
    const source = await openLedger(from);
    await fill(source);
    await source.close();
    const to = { databaseUrl: await server.database() };
    const lines = await exported(from);
    await assert.rejects(imported(to, lines.slice(0, -1)), { code: 'invalid-input', message: /not whole/ });
    assert.equal((await exported(to)).length, 2);
    await imported(to, lines);
    await assert.rejects(imported(to, lines), { code: 'conflict' });
  });
});
