import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore, readStateFile } from '../../../src/cli/rollout/state-file.js';
import { initialState } from '../../../src/progressive/index.js';

describe('the state file of a rollout in the foreground', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-state-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes back as it was saved, and leaves nothing else behind', async () => {
    const file = join(folder, 'state.json');
    const absent = readStateFile(file);
    assert.ok(absent.ok);
    assert.equal(absent.value, undefined);
    const state = initialState(Date.UTC(2026, 0, 5));
    for (const percent of [0, 5]) {
      assert.deepEqual(await fileStore(file).save({ ...state, percent }), { kind: 'saved' });
    }
    const read = readStateFile(file);
    assert.ok(read.ok);
    assert.deepEqual(read.value, { ...state, percent: 5 });
    assert.deepEqual(readdirSync(folder), ['state.json']);
  });

  it('is kept where it cannot be written, and says so', async () => {
    const saved = await fileStore(join(folder, 'none', 'state.json')).save(initialState(0));
    assert.equal(saved.kind, 'unavailable');
    assert.match(saved.reason, /there is no such folder/);
  });

  it('is not guessed at', () => {
    const file = join(folder, 'state.json');
    for (const [text, expected] of [
      ['{', /got no JSON/],
      ['{}', /schema/],
      [JSON.stringify({ ...initialState(0), percent: 'five' }), /percent/],
    ] as const) {
      writeFileSync(file, text);
      const read = readStateFile(file);
      assert.ok(!read.ok);
      assert.match(JSON.stringify(read.errors), expected);
    }
  });
});
