import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore, newRun, readStateFile } from '../../../src/cli/rollout/state-file.js';
import { initialState } from '../../../src/progressive/index.js';
import { parseModelRollout, type ModelRollout } from '../../../src/progressive/resource/index.js';

function rolloutOf(name = 'fraud', namespace = 'ml', service = 'fraud-detector'): ModelRollout {
  const parsed = parseModelRollout({
    apiVersion: 'ml-verdict.io/v1alpha1',
    kind: 'ModelRollout',
    metadata: { name, namespace },
    spec: { target: { kserve: { name: service } } },
  });
  assert.ok(parsed.ok);
  return parsed.value;
}

describe('the state file of a rollout in the foreground', () => {
  const rollout = rolloutOf();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-state-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes back as it was saved, with the id of its run, and leaves nothing else behind', async () => {
    const file = join(folder, 'state.json');
    const absent = readStateFile(file, rollout);
    assert.ok(absent.ok);
    assert.equal(absent.value, undefined);
    const run = newRun(rollout);
    const state = initialState(Date.UTC(2026, 0, 5));
    for (const percent of [0, 5]) {
      assert.deepEqual(await fileStore(file, run).save({ ...state, percent }), { kind: 'saved' });
    }
    const read = readStateFile(file, rollout);
    assert.ok(read.ok);
    assert.deepEqual(read.value, { run, state: { ...state, percent: 5 } });
    assert.deepEqual(readdirSync(folder), ['state.json']);
    assert.notEqual(newRun(rollout).id, run.id);
  });

  it('is of one rollout, and of no other', async () => {
    const file = join(folder, 'state.json');
    await fileStore(file, newRun(rollout)).save(initialState(0));
    for (const other of [
      rolloutOf('churn'),
      rolloutOf('fraud', 'staging'),
      rolloutOf('fraud', 'ml', 'churn-detector'),
    ]) {
      const read = readStateFile(file, other);
      assert.ok(!read.ok);
      assert.match(
        JSON.stringify(read.errors),
        /got that of .*fraud.* in namespace .*ml.* on kserve fraud-detector: name another file/,
      );
    }
  });

  it('is kept where it cannot be written, and says so', async () => {
    const file = join(folder, 'none', 'state.json');
    const saved = await fileStore(file, newRun(rollout)).save(initialState(0));
    assert.equal(saved.kind, 'unavailable');
    assert.match(saved.reason, /there is no such folder/);
  });

  it('is not guessed at', async () => {
    const file = join(folder, 'state.json');
    await fileStore(file, newRun(rollout)).save(initialState(0));
    const whole = JSON.parse(readFileSync(file, 'utf8')) as object;
    for (const [text, expected] of [
      ['{', /got no JSON/],
      ['{}', /schema/],
      [JSON.stringify({ ...whole, id: '' }), /json\.id/],
      [JSON.stringify({ ...whole, state: {} }), /state\.schema/],
      [JSON.stringify({ ...whole, state: { ...initialState(0), percent: 'five' } }), /percent/],
    ] as const) {
      writeFileSync(file, text);
      const read = readStateFile(file, rollout);
      assert.ok(!read.ok);
      assert.match(JSON.stringify(read.errors), expected);
    }
  });
});
