import assert from 'node:assert/strict';
import { ControllerRig } from './support/controller-rig.js';

describe('two ModelRollouts about one target', () => {
  let rig: ControllerRig;
  beforeEach(() => {
    rig = new ControllerRig();
  });
  afterEach(() => rig.stop());

  const accepted = (name: string) => rig.status(name)?.conditions.find(({ type }) => type === 'Accepted');
  const dated = (name: string, creationTimestamp: string) => {
    rig.cluster.edit(rig.reference(name), (object) => ({
      ...object,
      metadata: { ...object.metadata, creationTimestamp },
    }));
  };
  const second = { stages: [{ percent: 80 }, { percent: 100 }], newVersion: 'present' };
  const someTime = async () => {
    for (let step = 0; step < 30; step += 1) await rig.pass();
  };

  it('drives the one that has begun, and says of the other who does', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.apply(second, 'another');
    await rig.until(() => accepted('another')?.status === 'False');
    assert.equal(accepted('another')?.reason, 'TargetInUse');
    assert.match(accepted('another')?.message ?? '', /ModelRollout ml\/fraud-detector/);
    assert.ok(rig.events().includes('TargetInUse'));
    await someTime();
    assert.equal(rig.status('another')?.phase, undefined);
    assert.equal(rig.status()?.phase, 'analysing');
    assert.deepEqual(rig.patches, [50]);
    // It had not begun: nobody has to be told at which share it was left.
    assert.ok(rig.alerts.every(({ rollout }) => rollout === 'fraud-detector'));
  });

  it('begins with the oldest of those that are there when it starts, whatever their names', async () => {
    rig.apply(second, 'a-younger');
    rig.apply({ minimumAnalysis: '10h' });
    dated('a-younger', '2026-01-05T09:00:01Z');
    dated('fraud-detector', '2026-01-05T09:00:00Z');
    rig.start();
    await rig.untilPhase('analysing');
    await rig.until(() => accepted('a-younger')?.reason === 'TargetInUse');
    await someTime();
    assert.deepEqual(rig.patches, [50]);
  });

  it('keeps to that across restarts, also where an older one wants a run of its own by then', async () => {
    rig.apply({ minimumAnalysis: '1m' });
    dated('fraud-detector', '2026-01-05T09:00:00Z');
    rig.start();
    await rig.untilPhase('promoted');
    rig.apply(
      {
        minimumAnalysis: '10h',
        target: { kserve: { name: 'fraud-detector', newModel: { storageUri: 'gs://models/fraud/v4' } } },
      },
      'younger',
    );
    dated('younger', '2026-01-05T09:30:00Z');
    await rig.untilPhase('analysing', 'younger');
    await rig.stop();
    rig.change({ run: 2 });
    rig.start({}, 'two');
    await rig.until(() => accepted('fraud-detector')?.reason === 'TargetInUse');
    await someTime();
    assert.equal(rig.status('younger')?.phase, 'analysing');
  });

  it('counts one that waits for its turn as that, not as one that is not in order', async () => {
    const { metrics } = rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.apply({}, 'next');
    await rig.until(() => accepted('next')?.reason === 'TargetInUse');
    const text = await metrics.registry.metrics();
    assert.match(text, /ml_verdict_rollouts\{phase="in-use"\} 1\n/);
    assert.doesNotMatch(text, /phase="refused"/);
    assert.doesNotMatch(text, /name="next"/);
  });

  it('begins the next one once the owner has ended', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10m' });
    await rig.untilPhase('analysing');
    rig.apply({}, 'next');
    await rig.until(() => accepted('next')?.reason === 'TargetInUse');
    await rig.untilPhase('promoted');
    await rig.until(() => accepted('next')?.status === 'True');
    assert.notEqual(rig.status('next')?.phase, undefined);
  });

  it('begins the next one once the owner is deleted', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.apply({}, 'next');
    await rig.until(() => accepted('next')?.reason === 'TargetInUse');
    rig.cluster.remove(rig.reference());
    await rig.until(() => accepted('next')?.status === 'True');
  });
});
