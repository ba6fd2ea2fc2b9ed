import assert from 'node:assert/strict';
import { withProgress } from '../../../src/cli/output/progress.js';
import { RecordingConsole } from '../support/run-command.js';

describe('withProgress', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);

  it('works on every item in order, and writes nothing to the console', async () => {
    const console = new RecordingConsole();
    const done: number[] = [];
    await withProgress(items, console, (item) => done.push(item));
    assert.deepEqual(done, items);
    assert.deepEqual(console.written, []);
  });

  it('lets other work go on between two items', async () => {
    const done: number[] = [];
    let seen = 0;
    setImmediate(() => {
      seen = done.length;
    });
    await withProgress(items, new RecordingConsole(), (item) => done.push(item));
    assert.equal(seen, 1);
  });

  it('ends with what an item fails with', async () => {
    const fail = () => {
      throw new RangeError('broken');
    };
    await assert.rejects(withProgress(items, new RecordingConsole(), fail), /broken/);
  });
});
