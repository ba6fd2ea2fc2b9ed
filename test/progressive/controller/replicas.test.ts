import assert from 'node:assert/strict';
import type { ClusterApi } from '../../../src/progressive/cluster/cluster-api.js';
import { ControllerRig } from './support/controller-rig.js';

describe('replicas of the controller', () => {
  let rig: ControllerRig;
  beforeEach(() => {
    rig = new ControllerRig();
  });
  afterEach(() => rig.stop());

  /** An API that is cut off for one replica; what is on its way then is lost, or made and not answered. */
  const cuttable = () => {
    let isCut = false;
    const down = { kind: 'unavailable', reason: 'connection refused' } as const;
    const { cluster } = rig;
    const api: ClusterApi = {
      get: async (...given) => (isCut ? down : cluster.get(...given)),
      list: async (...given) => (isCut ? down : cluster.list(...given)),
      patch: async (...given) => (isCut ? down : cluster.patch(...given)),
      create: async (...given) => (isCut ? down : cluster.create(...given)),
      replace: async (...given) => (isCut ? down : cluster.replace(...given)),
    };
    return {
      api,
      cut: () => {
        isCut = true;
      },
    };
  };

  it('one leads, the other takes over at once where the first gives up', async () => {
    const { controller: one } = rig.start({}, 'one');
    await rig.until(() => one.isLeading);
    const { controller: two } = rig.start({}, 'two');
    const leaders = () => [...(one.isLeading ? ['one'] : []), ...(two.isLeading ? ['two'] : [])];
    rig.apply({ minimumAnalysis: '10m' });
    await rig.untilPhase('analysing');
    assert.deepEqual(leaders(), ['one']);
    await one.stop();
    await rig.untilPhase('promoted');
    assert.deepEqual(leaders(), ['two']);
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('the other goes on after a while where the first is cut off, which stops before', async () => {
    const road = cuttable();
    const { controller: one } = rig.start({ api: road.api }, 'one');
    await rig.until(() => one.isLeading);
    const { controller: two } = rig.start({}, 'two');
    rig.apply({ minimumAnalysis: '10m' });
    await rig.untilPhase('analysing');
    road.cut();
    const leading = new Set<number>();
    await rig.until(() => {
      leading.add(Number(one.isLeading) + Number(two.isLeading));
      return two.isLeading;
    }, 10);
    assert.ok(!leading.has(2));
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('killed between saving and patching: the next one makes the patch', async () => {
    const road = cuttable();
    const api: ClusterApi = {
      ...road.api,
      patch: (...given) => {
        road.cut();
        return road.api.patch(...given);
      },
    };
    const { controller: one } = rig.start({ api }, 'one');
    await rig.until(() => one.isLeading);
    rig.apply();
    await rig.untilPhase('shifting');
    assert.deepEqual(rig.patches, []);
    rig.start({}, 'two');
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('killed after the patch was made and before it was answered: it is not made twice', async () => {
    const road = cuttable();
    const api: ClusterApi = {
      ...road.api,
      patch: async (...given) => {
        await rig.cluster.patch(...given);
        road.cut();
        return { kind: 'unavailable', reason: 'the connection broke' };
      },
    };
    const { controller: one } = rig.start({ api }, 'one');
    await rig.until(() => one.isLeading);
    rig.apply();
    await rig.until(() => rig.patches.length === 1);
    rig.start({}, 'two');
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('two that both believe to lead make no step twice', async () => {
    // Leases of their own: nothing keeps them apart but what is saved and what a patch expects.
    rig.start({ lease: { namespace: 'a', identity: 'one' } }, 'one');
    rig.start({ lease: { namespace: 'b', identity: 'two' } }, 'two');
    rig.apply();
    await rig.untilPhase('promoted');
    for (let step = 0; step < 20; step += 1) await rig.pass();
    assert.deepEqual(rig.patches, [50, null]);
    const events = rig.events();
    assert.equal(new Set(events).size, events.length);
  });
});
