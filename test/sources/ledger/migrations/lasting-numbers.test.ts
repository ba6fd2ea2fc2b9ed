import assert from 'node:assert/strict';
import { join } from 'node:path';
import Database from 'libsql';
import { Migrator } from 'kysely';
import { migrations } from '../../../../src/sources/ledger/migrations/index.js';
import { sqliteFile } from '../../../../src/sources/ledger/sqlite/sqlite-dialect.js';
import { openLedger } from '../../../../src/sources/index.js';
import { noonMs, Scene } from '../conformance/scene.js';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder.js';

/** A ledger as the second schema has it. */
async function olderLedger(): Promise<string> {
  const folder = await temporaryFolder();
  const dialect = sqliteFile(folder);
  const connections = await dialect.open();
  const known = Object.fromEntries(Object.entries(migrations(dialect)).slice(0, 2));
  const migrator = new Migrator({
    db: connections.writer,
    provider: { getMigrations: () => Promise.resolve(known) },
  });
  const { error } = await migrator.migrateToLatest();
  assert.equal(error, undefined);
  await connections.close();
  return folder;
}

describe('the third schema', () => {
  after(removeTemporaryFolders);

  it('keeps every name and its number, and goes on behind whatever is referred to', async () => {
    const folder = await olderLedger();
    const minute = noonMs / 60_000;
    const before = new Database(join(folder, 'ledger.sqlite'));
    before.exec(`
      insert into models values (3, 'default', 'fraud', 41);
      insert into versions values (5, 3, 'v1', null), (7, 3, 'v2', 12);
      insert into series values (2, 3, 'prediction', 'class', 'labels', null);
      insert into labels values (2, 0, 'cat');
      insert into minute_counts values (7, ${minute}, 10, 1, null);
      insert into prediction_counts values (7, 2, ${minute}, '[0,9]');
      insert into prediction_ids values ('${'a'.repeat(22)}', 20, ${minute}, ${minute + 9});
      insert into pending_outcomes values (1, '${'b'.repeat(22)}', 30, 1, null, null, ${minute + 9});
      insert into ledger_state values ('size_after_sweep', 123)`);
    before.close();
    const ledger = await openLedger(folder);
    const scene = new Scene(ledger);
    assert.equal(await ledger.changeMarker('default', 'fraud'), '41');
    const { looks } = await scene.observe(2);
    const classes = looks[0]?.canary?.predictions.get('class');
    assert.deepEqual([classes?.kind === 'labels' && classes.labels[0], classes?.counts[0]], ['cat', 9]);
    await scene.serve([{ version: 'v3', minute: 0, outputs: { score: 0.5 } }]);
    await ledger.close();
    const after = new Database(join(folder, 'ledger.sqlite'));
    const rows = (query: string) => after.prepare(query).raw().all();
    assert.deepEqual(rows('select * from versions order by id'), [
      [5, 3, 'v1', null],
      [7, 3, 'v2', 12],
      [21, 3, 'v3', null],
    ]);
    assert.deepEqual(rows('select id, name from series order by id'), [
      [2, 'class'],
      [31, 'score'],
    ]);
    assert.deepEqual(rows('select name from ledger_state'), [['sweep']]);
    assert.throws(() => after.exec("insert into versions values (99, 3, 'v1', null)"), /UNIQUE/);
    after.close();
  });
});
