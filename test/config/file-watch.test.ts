import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watchFiles } from '../../src/config/index.js';

describe('watchFiles', () => {
  let folder = '';
  let stop = (): void => undefined;
  let changes = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-watch-'));
    changes = 0;
  });

  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function watch(files: () => readonly string[], everyMs = 5): void {
    stop = watchFiles({
      files,
      everyMs,
      onChange: () => {
        changes++;
      },
    });
  }

  async function changed(times: number): Promise<void> {
    while (changes < times) await wait(2);
  }

  it('tells of content that has changed, once, and not of the same content written again', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'a');
    watch(() => [file]);
    writeFileSync(file, 'b');
    await changed(1);
    writeFileSync(file, 'b');
    await wait(40);
    assert.equal(changes, 1);
    writeFileSync(file, 'c');
    await changed(2);
  });

  it('sees the swap of a symbolic link above the file, as Kubernetes updates a ConfigMap', async () => {
    for (const [name, content] of [
      ['..one', 'a'],
      ['..two', 'b'],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'config.yaml'), content);
    }
    symlinkSync('..one', join(folder, '..data'));
    symlinkSync(join('..data', 'config.yaml'), join(folder, 'config.yaml'));
    watch(() => [join(folder, 'config.yaml')]);
    symlinkSync('..two', join(folder, '..data-new'));
    renameSync(join(folder, '..data-new'), join(folder, '..data'));
    await changed(1);
  });

  it('tells of a file that goes away and comes back, and of another list of files', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(one, 'a');
    writeFileSync(two, 'a');
    let files = [one];
    watch(() => files);
    rmSync(one);
    await changed(1);
    writeFileSync(one, 'a');
    await changed(2);
    files = [one, two];
    await changed(3);
  });

  it('waits until the content has come to rest', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, '0');
    let looks = 0;
    // Every look of the first ten finds another content, as of a file that is being written.
    watch(() => {
      looks++;
      if (looks < 10) writeFileSync(file, String(looks));
      else if (looks === 10) assert.equal(changes, 0);
      return [file];
    });
    await changed(1);
    assert.ok(looks >= 10);
  });

  it('looks at nothing where the interval is 0', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'a');
    watch(() => [file], 0);
    writeFileSync(file, 'b');
    await wait(20);
    assert.equal(changes, 0);
  });
});
