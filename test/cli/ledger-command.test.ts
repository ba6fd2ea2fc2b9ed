import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/sources/index.js';
import { answersOf, fill } from '../sources/ledger/transfer/filled-ledger.js';
import { Child } from './support/child.js';
import { runCommand } from './support/run-command.js';

describe('ml-verdict ledger', () => {
  let folder: string;
  let source: string;
  let answers: unknown;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-transfer-'));
    source = join(folder, 'source');
    const ledger = await openLedger(source);
    await fill(ledger);
    answers = await answersOf(ledger);
    await ledger.close();
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function assertImported(dataDir: string): Promise<void> {
    const ledger = await openLedger(dataDir);
    assert.deepEqual(await answersOf(ledger), answers);
    await ledger.close();
  }

  it('exports into a file and imports it elsewhere, with the same verdicts', async () => {
    const file = join(folder, 'ledger.ndjson');
    const exported = await runCommand(['ledger', 'export', '--data-dir', source, '-o', file]);
    assert.deepEqual([exported.status, exported.out], [0, '']);
    const rows = readFileSync(file, 'utf8').trimEnd().split('\n').length - 2;
    assert.equal(exported.err, `wrote ${rows} rows to ${file}\n`);
    const target = join(folder, 'target');
    const imported = await runCommand(['ledger', 'import', file, '--data-dir', target]);
    assert.deepEqual(imported, { status: 0, out: '', err: `imported ${rows} rows\n` });
    await assertImported(target);
  });

  it('does the same through a pipe', async () => {
    const exported = new Child(['ledger', 'export', '--data-dir', source]);
    const { status, out, err } = await exported.end();
    assert.deepEqual([status, err], [0, '']);
    const target = join(folder, 'piped');
    const importing = new Child(['ledger', 'import', '-', '--data-dir', target]);
    importing.give(out);
    const end = await importing.end();
    assert.equal(end.status, 0, end.err);
    assert.match(end.err, /^imported \d+ rows\n$/);
    await assertImported(target);
  });

  it('refuses what is no whole export, with its file, line and status 3, and imports nothing', async () => {
    const file = join(folder, 'broken.ndjson');
    const { out } = await runCommand(['ledger', 'export', '--data-dir', source]);
    writeFileSync(file, out.slice(0, 2000));
    const target = join(folder, 'broken');
    const { status, err } = await runCommand(['ledger', 'import', file, '--data-dir', target]);
    assert.equal(status, 3);
    assert.ok(err.startsWith(`ml-verdict: ${file}: line `), err);
    writeFileSync(file, out);
    assert.equal((await runCommand(['ledger', 'import', file, '--data-dir', target])).status, 0);
    const again = await runCommand(['ledger', 'import', file, '--data-dir', target]);
    assert.equal(again.status, 3);
    assert.match(again.err, /the ledger is not empty/);
  });

  it('makes no ledger to export from, and none to import a file that is not there', async () => {
    const nowhere = join(folder, 'nowhere');
    const exported = await runCommand(['ledger', 'export', '--data-dir', nowhere]);
    assert.equal(exported.status, 3);
    assert.match(exported.err, /there is no ledger in .*nowhere/);
    const imported = await runCommand(['ledger', 'import', join(folder, 'none'), '--data-dir', nowhere]);
    assert.equal(imported.status, 3);
    assert.match(imported.err, /there is no such file/);
    const asFolder = await runCommand(['ledger', 'import', folder, '--data-dir', nowhere]);
    assert.match(asFolder.err, /it is a directory/);
    assert.ok(!existsSync(nowhere));
    const mistaken = join(folder, 'mistaken');
    mkdirSync(mistaken);
    const output = join(folder, 'mistaken.ndjson');
    const empty = await runCommand(['ledger', 'export', '--data-dir', mistaken, '-o', output]);
    assert.equal(empty.status, 3);
    assert.match(empty.err, /there is no ledger in .*mistaken"/);
    assert.deepEqual([readdirSync(mistaken), existsSync(output)], [[], false]);
  });

  it('says where an export cannot be written, and leaves nothing behind', async () => {
    const missing = join(folder, 'missing', 'file');
    const refused = await runCommand(['ledger', 'export', '--data-dir', source, '-o', missing]);
    assert.equal(refused.status, 3);
    assert.match(refused.err, /there is no such folder/);
    const busy = join(folder, 'a-folder');
    await (await openLedger(busy)).close();
    const failed = await runCommand(['ledger', 'export', '--data-dir', source, '-o', busy]);
    assert.equal(failed.status, 3);
    assert.ok(!readdirSync(folder).some((name) => name.endsWith('.unfinished')));
  });

  it('says that a database is away, and not where it is', async () => {
    const env = { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/x' };
    for (const args of [['export'], ['import', join(folder, 'ledger.ndjson')]]) {
      const { status, err } = await runCommand(['ledger', ...args], env);
      assert.equal(status, 3);
      assert.match(err, /nothing answers at the address of the database/);
      assert.doesNotMatch(err, /secret|127\.0/);
    }
  });
});
