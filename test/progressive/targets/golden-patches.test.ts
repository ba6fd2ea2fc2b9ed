import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { restoreOldModel } from '../../../src/progressive/targets/index.js';
import type { ClusterRequest } from '../../support/progressive/memory-cluster.js';
import { platforms } from '../../support/progressive/platforms/index.js';
import { KnativePlatform } from '../../support/progressive/platforms/knative-platform.js';
import type { Platform } from '../../support/progressive/platforms/platform.js';
import { expectedOf, observed, targetOn } from '../../support/progressive/platforms/target-on.js';

const file = new URL('golden-patches.json', import.meta.url);

type Wire = Pick<ClusterRequest, 'method' | 'path' | 'contentType' | 'body'>;

/** The one change that was made, as it goes over the wire. */
function onTheWire(platform: Platform): Wire {
  const { changes } = platform.cluster;
  assert.equal(changes.length, 1);
  const [{ method, path, contentType = '', body }] = changes as [ClusterRequest];
  return { method, path, contentType, body };
}

async function withCanary(create: () => Platform, percent: number) {
  const platform = create();
  platform.applyCanary(percent);
  platform.reconcile();
  const target = targetOn(platform);
  return { platform, target, expected: expectedOf(await observed(target)) };
}

async function patchesOf(create: () => Platform): Promise<Readonly<Record<string, Wire>>> {
  const patches: Record<string, Wire> = {};
  const carrying = create();
  if (carrying.carries) {
    const target = targetOn(carrying);
    const { uid, stable } = await observed(target);
    await target.setWeight({
      kind: 'set-weight',
      expected: { uid, stable, fingerprint: null },
      fromPercent: null,
      toPercent: 5,
      bringsModel: true,
    });
    patches['the new model with its first 5 %'] = onTheWire(carrying);
  }
  const step = await withCanary(create, 10);
  const { expected } = step;
  await step.target.setWeight({
    kind: 'set-weight',
    expected,
    fromPercent: 10,
    toPercent: 25,
    bringsModel: false,
  });
  patches['from 10 % to 25 %'] = onTheWire(step.platform);
  const promotion = await withCanary(create, 50);
  await promotion.target.promote({ kind: 'promote', expected: promotion.expected, fromPercent: 50 });
  patches['promote from 50 %'] = onTheWire(promotion.platform);
  const rollback = await withCanary(create, 25);
  await rollback.target.rollBack({ kind: 'roll-back', expected: rollback.expected });
  patches['roll back'] = onTheWire(rollback.platform);
  return patches;
}

/** Putting the old model back after a rollback: two changes. */
async function restoring(): Promise<readonly Wire[]> {
  const platform = new KnativePlatform();
  platform.applyCanary(0);
  platform.reconcile();
  const oldModel = { storageUri: 'gs://models/fraud/v1' };
  const stop = platform.cluster.onChange(({ plural }, object) => {
    const isSpec = object?.metadata.generation !== seen;
    seen = object?.metadata.generation;
    if (plural === 'inferenceservices' && isSpec) platform.reconcile();
  });
  let seen = platform.cluster.read(platform.reference)?.metadata.generation;
  const result = await restoreOldModel(platform.cluster, platform.reference, oldModel, { pollMs: 1 });
  stop();
  assert.deepEqual(result, { kind: 'done' });
  return platform.cluster.changes.map(({ method, path, contentType = '', body }) => ({
    method,
    path,
    contentType,
    body,
  }));
}

describe('Patches on the wire', () => {
  it('are those of the golden file (UPDATE_GOLDEN=yes writes it anew)', async () => {
    const golden: Record<string, unknown> = {};
    for (const { name, create } of platforms) {
      // The same resource as behind Istio, and the same patches.
      if (name !== 'seldon-deployment-ambassador') golden[name] = await patchesOf(create);
    }
    golden['kserve-knative restoring the old model'] = await restoring();
    const text = `${JSON.stringify(golden, null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === 'yes') writeFileSync(file, text);
    assert.deepEqual(golden, JSON.parse(readFileSync(file, 'utf8')));
  });
});
