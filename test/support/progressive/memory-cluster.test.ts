import assert from 'node:assert/strict';
import type { PatchOperation } from '../../../src/progressive/cluster/patch-operation.js';
import { MemoryCluster, patchDoesNotApply } from './memory-cluster.js';

const reference = {
  group: 'example.com',
  version: 'v1',
  plural: 'things',
  namespace: 'ml',
  name: 'a',
} as const;

function withThing(): MemoryCluster {
  const cluster = new MemoryCluster();
  cluster.put(reference, { spec: { weight: 5, list: ['x', 'y'] }, status: { phase: 'new' } });
  return cluster;
}

describe('MemoryCluster', () => {
  it('applies all of a JSON Patch or nothing', async () => {
    const cluster = withThing();
    const set: PatchOperation = { op: 'add', path: '/spec/weight', value: 10 };
    for (const guard of [
      { op: 'test', path: '/spec/weight', value: 6 },
      { op: 'test', path: '/spec/nothing/here', value: 1 },
      { op: 'remove', path: '/spec/absent' },
      { op: 'replace', path: '/spec/absent', value: 1 },
      { op: 'copy', from: '/spec/absent', path: '/spec/b' },
    ] satisfies readonly PatchOperation[]) {
      const answer = await cluster.patch(reference, [set, guard]);
      assert.deepEqual(answer, { kind: 'invalid', reason: patchDoesNotApply });
      assert.deepEqual(cluster.read(reference)?.spec, { weight: 5, list: ['x', 'y'] });
    }
    const done = await cluster.patch(reference, [
      { op: 'test', path: '/spec/weight', value: 5 },
      { op: 'test', path: '/status/phase', value: 'new' },
      { op: 'test', path: '/spec/absent', value: null },
      set,
      { op: 'add', path: '/spec/list/1', value: 'z' },
      { op: 'add', path: '/spec/list/-', value: 'end' },
      { op: 'move', from: '/spec/list/0', path: '/spec/first' },
    ]);
    assert.equal(done.kind, 'ok');
    assert.deepEqual(cluster.read(reference)?.spec, { weight: 10, list: ['z', 'y', 'end'], first: 'x' });
  });

  it('counts generations by the spec, and keeps the status apart', async () => {
    const cluster = withThing();
    const metadata = () => cluster.read(reference)?.metadata;
    assert.equal(metadata()?.generation, 1);
    await cluster.patch(reference, [{ op: 'add', path: '/status/phase', value: 'ignored' }]);
    assert.deepEqual(cluster.read(reference)?.status, { phase: 'new' });
    await cluster.patch(reference, [{ op: 'add', path: '/status/phase', value: 'old' }], {
      subresource: 'status',
    });
    assert.deepEqual(cluster.read(reference)?.status, { phase: 'old' });
    assert.equal(metadata()?.generation, 1);
    const before = metadata()?.resourceVersion;
    await cluster.patch(reference, [{ op: 'add', path: '/spec/weight', value: 5 }]);
    assert.equal(metadata()?.resourceVersion, before);
    await cluster.patch(reference, [{ op: 'add', path: '/spec/weight', value: 6 }]);
    assert.equal(metadata()?.generation, 2);
    assert.notEqual(metadata()?.resourceVersion, before);
  });

  it('refuses copies that are older, and what is there already', async () => {
    const cluster = withThing();
    const old = cluster.read(reference) ?? assert.fail();
    cluster.edit(reference, (object) => ({ ...object, spec: {} }));
    assert.equal((await cluster.replace(reference, old)).kind, 'conflict');
    assert.equal((await cluster.create(reference, 'ml', { metadata: { name: 'a' } })).kind, 'conflict');
    assert.equal((await cluster.create(reference, 'ml', { metadata: { name: 'b' } })).kind, 'ok');
    const all = await cluster.list(reference);
    assert.deepEqual(all.kind === 'ok' && all.value.items.map(({ metadata }) => metadata.name), ['a', 'b']);
  });

  it('loses answers before and after what was asked', async () => {
    const cluster = withThing();
    const failure = { kind: 'unavailable', reason: 'timed out' } as const;
    const set: readonly PatchOperation[] = [{ op: 'add', path: '/spec/weight', value: 10 }];
    const weight = () => (cluster.read(reference)?.spec as { readonly weight: number }).weight;
    cluster.fail({ failure, verb: 'patch' });
    assert.deepEqual(await cluster.patch(reference, set), failure);
    assert.equal(weight(), 5);
    cluster.fail({ failure, verb: 'patch', afterApplying: true });
    assert.deepEqual(await cluster.patch(reference, set), failure);
    assert.equal(weight(), 10);
    assert.equal((await cluster.patch(reference, set, { dryRun: true })).kind, 'ok');
    cluster.uninstall(reference);
    assert.equal((await cluster.get(reference)).kind, 'not-found');
  });
});
