import assert from 'node:assert/strict';
import { fileOf, FileFolder } from './support/observation-files.js';
import { documentsOf, runCommand } from './support/run-command.js';

describe('replay', () => {
  const folder = new FileFolder();
  const files = folder.writeCanaries();

  after(() => {
    folder.remove();
  });

  it('prints one document a look, in the order of files and looks', async () => {
    const { out, err } = await runCommand(['replay', '-o', 'ndjson', files.hold, files.rollback]);
    const told = documentsOf(out).map(({ file, looks, asOf }) => [file, looks, asOf]);
    const expected = (['hold', 'rollback'] as const).flatMap((name) =>
      fileOf(name).looks.map(({ end }, index) => [files[name], index + 1, end]),
    );
    assert.deepEqual(told, expected);
    assert.equal(err, '');
  });

  it('says after every look what judge would have said at that look', async () => {
    for (const options of [[], ['-g', 'error-rate'], ['--policy', 'plain-loop'], ['--weight', '10']]) {
      const { out } = await runCommand(['replay', '-o', 'ndjson', ...options, files.rollback]);
      const replayed = documentsOf(out);
      for (const [index, look] of fileOf('rollback').looks.entries()) {
        const file = folder.write('now.json', { ...fileOf('rollback'), asOf: look.end });
        const judged = await runCommand(['judge', '-o', 'ndjson', ...options, file]);
        assert.deepEqual({ ...replayed[index], file }, documentsOf(judged.out)[0]);
      }
    }
  });

  it('knows nothing of later looks', async () => {
    const cut = { ...fileOf('rollback'), looks: fileOf('rollback').looks.slice(0, 3) };
    const whole = await runCommand(['replay', '-o', 'ndjson', files.rollback]);
    const start = await runCommand(['replay', '-o', 'ndjson', folder.write('start.json', cut)]);
    const bare = (out: string) => documentsOf(out).map((document) => ({ ...document, file: '' }));
    assert.deepEqual(bare(start.out), bare(whole.out).slice(0, 3));
  });

  it('ends with 0 whatever the verdicts are, and with 3 if a file was refused', async () => {
    const { out, status } = await runCommand(['replay', '-o', 'ndjson', files.rollback]);
    assert.equal(documentsOf(out).at(-1)?.verdict, 'rollback');
    assert.equal(status, 0);
    const refused = await runCommand(['replay', '-o', 'ndjson', files.rollback, folder.at('missing.json')]);
    assert.equal(refused.status, 3);
    assert.equal(refused.out, out);
  });

  it('stops at the asOf of a file', async () => {
    const observations = fileOf('promote');
    const asOf = observations.looks[4]?.end;
    const { out } = await runCommand([
      'replay',
      '-o',
      'ndjson',
      folder.write('as-of.json', { ...observations, asOf }),
    ]);
    assert.equal(documentsOf(out).length, 5);
  });

  it('prints nothing of a file without looks', async () => {
    const file = folder.write('no-looks.json', { ...fileOf('hold'), looks: [] });
    assert.deepEqual(await runCommand(['replay', file]), { status: 0, out: '', err: '' });
  });

  it('prints a table of all looks', async () => {
    const { out } = await runCommand(['replay', files.rollback]);
    const rows = out.trimEnd().split('\n');
    assert.equal(rows.length, 1 + fileOf('rollback').looks.length);
    assert.match(rows.at(-1) ?? '', / rollback /);
  });

  it('judges by another policy', async () => {
    const { out } = await runCommand(['replay', '-o', 'ndjson', '--policy', 'plain-loop', files.rollback]);
    const documents = documentsOf(out);
    assert.ok(documents.every(({ policy, guarantee }) => policy === 'plain-loop' && guarantee === 'none'));
  });
});
