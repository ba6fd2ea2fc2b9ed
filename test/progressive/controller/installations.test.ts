import assert from 'node:assert/strict';
import { ControllerRig, quickLease } from './support/controller-rig.js';

describe('two installations with their Leases in one namespace', () => {
  let rig: ControllerRig;
  beforeEach(() => {
    rig = new ControllerRig();
  });
  afterEach(() => rig.stop());

  const install = (name: string, namespaces: readonly string[], lease: string) =>
    rig.start(
      {
        namespaces,
        lease: { namespace: 'ml-verdict', name: lease, identity: name, timings: quickLease },
      },
      name,
    ).controller;

  it('lead both, each by a Lease of its own name, and drive their own namespaces', async () => {
    const shop = install('shop', ['shop'], 'ml-verdict-controller-shop');
    await rig.until(() => shop.isLeading);
    const ml = install('ml', ['ml'], 'ml-verdict-controller-ml');
    await rig.until(() => ml.isLeading);
    assert.ok(shop.isLeading);
    await shop.stop();
    // The end of the one is nothing to the other.
    assert.ok(ml.isLeading);
    rig.apply();
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('are replicas of each other by one name: what the second is for is not driven', async () => {
    const shop = install('shop', ['shop'], 'ml-verdict-controller');
    await rig.until(() => shop.isLeading);
    const ml = install('ml', ['ml'], 'ml-verdict-controller');
    await rig.until(() => ml.obstacle === undefined);
    rig.apply();
    for (let step = 0; step < 20; step += 1) await rig.pass();
    assert.deepEqual([shop.isLeading, ml.isLeading], [true, false]);
    assert.equal(rig.status(), undefined);
    await shop.stop();
    await rig.untilPhase('promoted');
  });
});
