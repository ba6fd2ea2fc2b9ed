import assert from 'node:assert/strict';
import { addCommand, newCommand } from '../../../src/cli/rollout/add-command.js';
import { createRollout } from '../../../src/cli/rollout/create-rollout.js';
import { otherDriver } from '../../../src/cli/rollout/other-driver.js';
import { storedRollout } from '../../../src/cli/rollout/stored-rollout.js';
import { initialState, type RolloutState } from '../../../src/progressive/index.js';
import { parseModelRollout, rolloutReference, statusOf } from '../../../src/progressive/resource/index.js';
import { MemoryCluster } from '../../support/progressive/memory-cluster.js';

const nowMs = Date.UTC(2026, 0, 5, 10);
const reference = rolloutReference('ml', 'fraud');

function written(spec: Readonly<Record<string, unknown>> = {}) {
  return {
    apiVersion: 'ml-verdict.io/v1alpha1',
    kind: 'ModelRollout',
    metadata: { name: 'fraud', namespace: 'ml' },
    spec: { target: { kserve: { name: 'fraud-detector' } }, ...spec },
  };
}

function file(spec: Readonly<Record<string, unknown>> = {}) {
  const object = written(spec);
  const parsed = parseModelRollout(object);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { object, rollout: parsed.value };
}

/** A controller writes where the rollout stands. */
function report(cluster: MemoryCluster, state: RolloutState): void {
  const object = cluster.read(reference);
  assert.ok(object !== undefined);
  const parsed = parseModelRollout(object);
  assert.ok(parsed.ok);
  cluster.setStatus(reference, statusOf(parsed.value, state, [], nowMs));
}

const commandsOf = (cluster: MemoryCluster) => {
  const object = cluster.read(reference);
  const parsed = parseModelRollout(object);
  assert.ok(parsed.ok);
  return parsed.value.spec.commands;
};

const read = (object: Parameters<typeof storedRollout>[0]) => {
  const stored = storedRollout(object, nowMs);
  return typeof stored === 'string' ? ({ kind: 'refused', reason: stored } as const) : stored;
};

describe('a rollout that is handed to the controller', () => {
  it('is created once, and not anew while it goes on', async () => {
    const cluster = new MemoryCluster();
    assert.equal((await createRollout(cluster, file())).kind, 'created');
    const again = await createRollout(cluster, file());
    assert.deepEqual(again, {
      kind: 'refused',
      reason: 'the ModelRollout "fraud" in namespace "ml" is there already, and is waiting',
    });
  });

  it('begins its next run once the one before has ended', async () => {
    const cluster = new MemoryCluster();
    await createRollout(cluster, file());
    report(cluster, { ...initialState(nowMs), phase: { kind: 'promoted', atMs: nowMs } });
    const again = await createRollout(cluster, file({ stages: [10, 100] }));
    assert.equal(again.kind, 'created');
    const { stages } = cluster.read(reference)?.spec as { readonly stages: unknown };
    assert.deepEqual(stages, [{ percent: 10 }, { percent: 100 }]);
    const parsed = parseModelRollout(cluster.read(reference));
    assert.ok(parsed.ok);
    assert.equal(parsed.value.run, 2);
    assert.deepEqual(
      parsed.value.spec.stages.map(({ percent }) => percent),
      [10, 100],
    );
  });

  it('is not driven in the foreground as well', async () => {
    const cluster = new MemoryCluster();
    const { rollout } = file();
    assert.deepEqual(await otherDriver(cluster, rollout), { kind: 'none' });
    await createRollout(cluster, file());
    const other = await otherDriver(cluster, rollout);
    assert.equal(other.kind, 'found');
    assert.match(other.reason, /"fraud" .* drives inferenceservices fraud-detector already/);
    report(cluster, { ...initialState(nowMs), phase: { kind: 'promoted', atMs: nowMs } });
    assert.deepEqual(await otherDriver(cluster, rollout), { kind: 'none' });
  });

  it('is not driven in the foreground where nobody knows whether it is driven', async () => {
    const cluster = new MemoryCluster();
    const { rollout } = file();
    cluster.uninstall(reference);
    assert.equal((await otherDriver(cluster, rollout)).kind, 'none');
    cluster.install(reference);
    cluster.fail({ failure: { kind: 'unavailable', reason: 'no answer' } });
    assert.equal((await otherDriver(cluster, rollout)).kind, 'found');
    cluster.heal();
    cluster.fail({ failure: { kind: 'forbidden', reason: 'no' } });
    assert.deepEqual(await otherDriver(cluster, rollout), { kind: 'hidden', reason: 'no' });
    cluster.heal();
    cluster.put(reference, { ...written({ stages: 'all' }) });
    assert.equal((await otherDriver(cluster, rollout)).kind, 'found');
  });
});

describe('a command of a person', () => {
  it('is added to those that are there', async () => {
    const cluster = new MemoryCluster();
    await createRollout(cluster, file());
    for (const kind of ['pause', 'resume'] as const) {
      const added = await addCommand(cluster, reference, newCommand(kind, 'ada'), read);
      assert.equal(added.kind, 'ok');
    }
    assert.deepEqual(
      commandsOf(cluster).map(({ kind, by }) => [kind, by]),
      [
        ['pause', 'ada'],
        ['resume', 'ada'],
      ],
    );
  });

  it('is not lost where somebody else writes at the same time', async () => {
    const cluster = new MemoryCluster();
    await createRollout(cluster, file());
    let others = 0;
    const added = await addCommand(cluster, reference, newCommand('abort', 'ada'), (object) => {
      // The controller writes its status between reading and changing, twice.
      if (others++ < 2) report(cluster, { ...initialState(nowMs), percent: others });
      return read(object);
    });
    assert.equal(added.kind, 'ok');
    assert.deepEqual(
      commandsOf(cluster).map(({ kind }) => kind),
      ['abort'],
    );
  });

  it('makes room by forgetting those that were obeyed, never one that was not', async () => {
    const cluster = new MemoryCluster();
    const commands = Array.from({ length: 15 }, (_, index) => ({ id: `c${index}`, kind: 'pause' }));
    await createRollout(cluster, file({ commands }));
    const obeyed = commands.slice(0, 12).map(({ id }) => id);
    report(cluster, { ...initialState(nowMs), handledCommands: obeyed });
    await addCommand(cluster, reference, newCommand('abort', 'ada'), read);
    const left = commandsOf(cluster);
    assert.equal(left.length, 10);
    assert.deepEqual(
      left.slice(-4).map(({ kind }) => kind),
      ['pause', 'pause', 'pause', 'abort'],
    );
    report(cluster, initialState(nowMs));
    await addCommand(cluster, reference, newCommand('resume', 'ada'), read);
    assert.equal(commandsOf(cluster).length, 11);
  });

  it('is refused where the server refuses it, and where there is no such rollout', async () => {
    const cluster = new MemoryCluster();
    const missing = await addCommand(cluster, reference, newCommand('abort', 'ada'), read);
    assert.equal(missing.kind, 'not-found');
    await createRollout(cluster, file());
    cluster.fail({ failure: { kind: 'invalid', reason: 'no' }, verb: 'patch', times: 9 });
    assert.equal((await addCommand(cluster, reference, newCommand('abort', 'ada'), read)).kind, 'invalid');
    cluster.heal();
    cluster.fail({ failure: { kind: 'forbidden', reason: 'no' }, verb: 'patch' });
    assert.equal((await addCommand(cluster, reference, newCommand('abort', 'ada'), read)).kind, 'forbidden');
  });
});
