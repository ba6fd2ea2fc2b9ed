import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'libsql';
import { openLedger } from '../../../src/sources/index.js';
import { noonMs, Scene } from './conformance/scene.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describe('openLedger', () => {
  after(removeTemporaryFolders);

  it('makes its folder, also below others, and finds its counts again', async () => {
    const folder = join(await temporaryFolder(), 'data', 'ledger');
    const first = await openLedger(folder);
    await new Scene(first).serve([{ version: 'v2', minute: 0, count: 3 }]);
    await first.close();
    const second = await openLedger(folder);
    const observations = await new Scene(second).observe(2);
    await second.close();
    assert.equal(observations.looks[0]?.canary?.requests, 3);
  });

  it('can be open twice, as by the server and a command beside it', async () => {
    const folder = await temporaryFolder();
    const server = await openLedger(folder);
    const command = await openLedger(folder);
    await new Scene(server).serve([{ version: 'v2', minute: 0 }]);
    await new Scene(command).serve([{ version: 'v2', minute: 0 }]);
    const observations = await new Scene(server).observe(2);
    assert.equal(observations.looks[0]?.canary?.requests, 2);
    await Promise.all([server.close(), command.close()]);
  });

  it('answers verdicts while a large batch is written', async () => {
    const ledger = await openLedger(await temporaryFolder());
    const scene = new Scene(ledger);
    await scene.serve([{ version: 'v2', minute: 0 }]);
    let written = false;
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      version: 'v2',
      minute: 0,
      id: `r${index}`,
    }));
    const writing = scene.serve(many).then(() => {
      written = true;
    });
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    const observations = await scene.observe(2);
    assert.equal(written, false);
    assert.equal(observations.looks[0]?.canary?.requests, 1);
    await writing;
    assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 10_001);
    await ledger.close();
  });

  it('writes through to the disk, with readers beside the writer', async () => {
    const folder = await temporaryFolder();
    const ledger = await openLedger(folder);
    const other = new Database(join(folder, 'ledger.sqlite'));
    assert.deepEqual(other.pragma('journal_mode'), [{ journal_mode: 'wal' }]);
    other.close();
    await ledger.close();
  });

  it('refuses a schema that a newer version has written, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    await (await openLedger(folder)).close();
    const newer = new Database(join(folder, 'ledger.sqlite'));
    newer.exec("insert into kysely_migration (name, timestamp) values ('0099-from-the-future', 'now')");
    newer.close();
    await assert.rejects(openLedger(folder), {
      name: 'VerdictError',
      code: 'invalid-config',
      message: /newer version of ml-verdict \(its schema has "0099-from-the-future".*another data folder/,
    });
    const again = new Database(join(folder, 'ledger.sqlite'));
    assert.equal(again.prepare('select count(*) as n from kysely_migration').all().length, 1);
    again.close();
  });

  it('answers nothing and writes nothing once its file is gone, and goes on when that is back', async () => {
    const folder = await temporaryFolder();
    const ledger = await openLedger(folder);
    const scene = new Scene(ledger);
    await scene.serve([{ version: 'v2', minute: 0 }]);
    const moved = `${folder}-moved`;
    await rename(folder, moved);
    const gone = { code: 'unavailable', message: /^the ledger file is gone/ };
    await assert.rejects(ledger.ping(), gone);
    await assert.rejects(scene.serve([{ version: 'v2', minute: 0 }]), gone);
    await assert.rejects(scene.verdict({ id: 'a' }), gone);
    // Another file at its place is not it.
    await (await openLedger(folder)).close();
    await assert.rejects(ledger.ping(), gone);
    await rm(folder, { recursive: true });
    await rename(moved, folder);
    await scene.serve([{ version: 'v2', minute: 0 }]);
    assert.equal((await scene.observe(2)).looks[0]?.canary?.requests, 2);
    await ledger.close();
  });

  it('says which folder cannot be used, and why', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      await assert.rejects(openLedger(path), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'invalid-config');
        assert.ok(error.message.includes(path), error.message);
        assert.match(error.message, /is a file/);
        return true;
      });
    }
  });

  it('says that a file is no ledger', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, 'ledger.sqlite'),
      'certainly not a database, but long enough to look like one'.repeat(50),
    );
    await assert.rejects(openLedger(folder), { code: 'invalid-config', message: /the file is no database/ });
    const other = await temporaryFolder();
    await mkdir(join(other, 'ledger.sqlite'));
    await assert.rejects(openLedger(other), { code: 'invalid-config', message: /cannot be opened/ });
  });

  it('answers a database that fails with a reason, without paths and SQL', async () => {
    const folder = await temporaryFolder();
    const ledger = await openLedger(folder);
    const other = new Database(join(folder, 'ledger.sqlite'));
    other.exec('drop table models');
    other.close();
    const answer = await ledger.observe({
      namespace: 'default',
      model: 'fraud',
      canary: 'v2',
      asOfMs: noonMs,
    });
    assert.deepEqual(answer, {
      kind: 'unavailable',
      reason: 'the ledger cannot be used: the database answered with an error',
    });
    await assert.rejects(ledger.ping(), { code: 'unavailable' });
    assert.deepEqual(ledger.status(), {
      available: false,
      reason: 'the ledger cannot be used: the database answered with an error',
    });
    await assert.rejects(new Scene(ledger).serve([{ version: 'v2', minute: 0 }]), { code: 'unavailable' });
    await ledger.close();
  });
});
