import assert from 'node:assert/strict';
import { Child } from './support/child.js';
import { fileOf, FileFolder } from './support/observation-files.js';
import { documentsOf } from './support/run-command.js';

/** What only a process of its own can show; all else is tested without one, since each takes a second to start. */
describe('the program as a process', () => {
  const folder = new FileFolder();
  const { promote, hold, rollback } = folder.writeCanaries();
  const missing = folder.at('missing.json');

  after(() => {
    folder.remove();
  });

  it('judges standard input, once, and ends with the status of the command', async () => {
    const child = new Child(['judge', '-o', 'ndjson', promote, '-', hold, '-']);
    child.give(JSON.stringify(fileOf('rollback')));
    const { status, out, err } = await child.end();
    assert.deepEqual(
      documentsOf(out).map(({ file, verdict }) => [file, verdict]),
      [
        [promote, 'promote'],
        ['-', 'rollback'],
        [hold, 'hold'],
      ],
    );
    assert.deepEqual([status, err], [3, 'ml-verdict: -: not JSON: the file is empty\n']);
  });

  it('ends quietly with the status of a broken pipe when its output is no longer read', async () => {
    const files = Array.from({ length: 400 }, () => rollback);
    const child = new Child(['replay', '-o', 'ndjson', ...files, missing]);
    await child.waitFor(/\n/);
    child.stopReading('out');
    const { status, err } = await child.end();
    assert.deepEqual([status, err], [141, '']);
  });

  it('goes on when its messages are no longer read', async () => {
    const child = new Child([
      'judge',
      '-o',
      'ndjson',
      missing,
      promote,
      missing,
      hold,
      missing,
      missing,
      promote,
    ]);
    child.stopReading('err');
    const { status, out } = await child.end();
    assert.deepEqual([status, documentsOf(out).length], [3, 3]);
  });
});
