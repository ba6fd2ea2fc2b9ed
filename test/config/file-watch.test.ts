import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watchFiles } from '../../src/config/index.js';

describe('watchFiles', () => {
  let folder = '';
  let stop = (): void => undefined;
  let changes = 0;
  let looks = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-watch-'));
    changes = 0;
    looks = 0;
  });

  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function watch(
    files: () => readonly string[],
    everyMs = 5,
    read: (file: string) => Uint8Array = readFileSync,
  ): void {
    stop = watchFiles({
      files: () => {
        looks++;
        return files();
      },
      everyMs,
      read,
      onChange: () => {
        changes++;
      },
    });
  }

  async function changed(times: number): Promise<void> {
    while (changes < times) await wait(2);
  }

  /** Waits for so many more looks. */
  async function looked(times: number): Promise<void> {
    const enough = looks + times;
    while (looks < enough) await wait(2);
  }

  it('tells of content that has changed, once, and not of the same content written again', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'a');
    watch(() => [file]);
    writeFileSync(file, 'b');
    await changed(1);
    writeFileSync(file, 'b');
    await looked(5);
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
    // Every look of the first ten finds another content, as of a file that is being written.
    watch(() => {
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
    let looksAtNothing = 0;
    const stopNothing = watchFiles({
      files: () => {
        looksAtNothing++;
        return [file];
      },
      everyMs: 0,
      onChange: () => assert.fail('it was told of a change'),
    });
    // Another one that looks at the same file has seen the change long since.
    watch(() => [file]);
    writeFileSync(file, 'b');
    await changed(1);
    await looked(5);
    stopNothing();
    assert.equal(looksAtNothing, 0);
  });

  it('finds nothing out while there is no file handle to spare', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'a');
    let spare = true;
    const read = (path: string): Uint8Array => {
      if (!spare) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return readFileSync(path);
    };
    watch(() => [file], 5, read);
    spare = false;
    await looked(5);
    spare = true;
    await looked(5);
    assert.equal(changes, 0);
    spare = false;
    writeFileSync(file, 'b');
    await looked(5);
    assert.equal(changes, 0);
    spare = true;
    await changed(1);
  });
});
