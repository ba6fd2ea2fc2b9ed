import assert from 'node:assert/strict';
import { answer } from '../../support/progressive/simulated-rollout.js';
import { ControllerRig } from './support/controller-rig.js';

describe('controller', () => {
  let rig: ControllerRig;
  beforeEach(() => {
    rig = new ControllerRig();
  });
  afterEach(() => rig.stop());

  it('drives a healthy canary to promotion, and says so in every way', async () => {
    const { metrics } = rig.start();
    rig.apply();
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
    const status = rig.status();
    assert.equal(status?.percent, 100);
    assert.equal(status.canary, rig.platform.canary);
    assert.equal(status.stable, rig.platform.stable);
    assert.equal(status.guarantee, 'stated');
    assert.equal(status.observedGeneration, 1);
    const told = ['Started', 'Promoting', 'Promoted'];
    await rig.until(() => rig.events().length === told.length);
    assert.deepEqual(rig.events(), told);
    assert.deepEqual(
      rig.alerts.map(({ alert }) => alert.kind),
      ['started', 'promoting', 'promoted'],
    );
    // What everybody has got is forgotten.
    await rig.until(() => (rig.status()?.state?.['outbox'] as readonly unknown[]).length === 0);
    const shown = await metrics.registry.metrics();
    assert.match(shown, /ml_verdict_rollouts\{phase="promoted"\} 1/);
    assert.match(shown, /ml_verdict_rollout_ends_total\{end="promoted",cause=""\} 1/);
    assert.match(
      shown,
      /ml_verdict_rollout_patches_total\{target="kserve",kind="set-weight",result="done"\} 1/,
    );
    assert.doesNotMatch(shown, /ml_verdict_rollout_percent\{/);
  });

  it('goes back to zero in one patch', async () => {
    rig.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'rollback') });
    rig.start();
    rig.apply();
    await rig.untilPhase('rolled-back');
    assert.deepEqual(rig.patches, [50, 0]);
    assert.equal(rig.status()?.conditions.find(({ type }) => type === 'RolledBack')?.status, 'True');
  });

  it('asks nothing of the API server for what has ended, but for its lease', async () => {
    rig.start();
    rig.apply();
    await rig.untilPhase('promoted');
    await rig.until(() => (rig.status()?.state?.['outbox'] as readonly unknown[]).length === 0);
    for (let step = 0; step < 20; step += 1) await rig.pass();
    const before = rig.cluster.requests.length;
    for (let step = 0; step < 50; step += 1) await rig.pass(60_000);
    const asked = rig.cluster.requests.slice(before).filter(({ path }) => !path.includes('/leases'));
    assert.deepEqual(asked, []);
    assert.deepEqual([...rig.watch.following.keys()], ['modelrollouts']);
  });

  it('looks at one that was rolled back again when its target changes, and only then', async () => {
    rig.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'rollback') });
    rig.start();
    rig.apply();
    await rig.untilPhase('rolled-back');
    rig.platform.setPercent(20);
    await rig.until(() => rig.events().includes('WeightAfterRollback'));
    assert.deepEqual(rig.patches, [50, 0]);
  });

  it('obeys commands and takes over an edited spec', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.change({ commands: [{ id: 'one', kind: 'pause', by: 'somebody' }] });
    await rig.untilPhase('paused');
    assert.equal(rig.status()?.observedGeneration, 2);
    rig.change({ undecidedLimit: '2h' });
    await rig.until(() => rig.status()?.observedGeneration === 3);
    assert.equal(rig.status()?.phase, 'paused');
    rig.change({ commands: [{ id: 'two', kind: 'abort', by: 'somebody' }] });
    await rig.untilPhase('rolled-back');
    assert.deepEqual(rig.patches, [50, 0]);
  });

  it('drives nothing where the spec is not in order, says why, and begins once it is', async () => {
    const { metrics } = rig.start();
    rig.apply({ stages: [{ percent: 50 }, { percent: 20 }] });
    await rig.until(() => rig.status()?.conditions !== undefined);
    const [accepted] = rig.status()?.conditions ?? [];
    assert.equal(accepted?.type, 'Accepted');
    assert.equal(accepted.status, 'False');
    assert.match(accepted.message, /spec\.stages: expected ascending percentages/);
    assert.deepEqual(rig.events(), ['InvalidSpec']);
    assert.match(await metrics.registry.metrics(), /ml_verdict_rollouts\{phase="refused"\} 1/);
    rig.apply();
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('guesses nothing from a state that it cannot read', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    await rig.stop();
    rig.cluster.edit(rig.reference(), (object) => ({
      ...object,
      status: { ...(object.status as object), state: { schema: 'ml-verdict/rollout-state/v9' } },
    }));
    rig.start({}, 'other');
    await rig.until(() => rig.events().includes('UnreadableState'));
    assert.deepEqual(rig.patches, [50]);
  });

  it('leaves the target as it is where the ModelRollout is deleted, and says at which share', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.cluster.remove(rig.reference());
    await rig.until(() => rig.alerts.some(({ alert }) => alert.text.includes('was deleted')));
    const deleted = rig.alerts.find(({ alert }) => alert.text.includes('was deleted'));
    assert.match(
      deleted?.alert.text ?? '',
      /kserve fraud-detector was left as it is, .* with 50 % of the traffic/,
    );
    assert.deepEqual(rig.patches, [50]);
  });

  it('says so too where the deletion waits for others, and once however many leaders see it', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    rig.cluster.edit(rig.reference(), (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        deletionTimestamp: '2026-01-05T10:10:00Z',
        finalizers: ['foregroundDeletion'],
        generation: 2,
      },
    }));
    const told = () => rig.alerts.filter(({ alert }) => alert.text.includes('was deleted'));
    await rig.until(() => rig.events().includes('BeingDeleted') && told().length === 1);
    assert.match(told()[0]?.alert.text ?? '', /with 50 % of the traffic/);
    await rig.stop();
    const { controller } = rig.start({}, 'other');
    await rig.until(() => controller.isLeading);
    for (let step = 0; step < 10; step += 1) await rig.pass();
    rig.cluster.remove(rig.reference());
    for (let step = 0; step < 10; step += 1) await rig.pass();
    assert.equal(told().length, 1);
    assert.deepEqual(rig.patches, [50]);
  });

  it('tells people at which share a canary was left whose spec is not in order any more', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10m' });
    await rig.untilPhase('analysing');
    rig.change({ policy: '' });
    const told = () => rig.alerts.filter(({ alert }) => alert.text.includes('was left as it is'));
    await rig.until(() => told().length > 0 && rig.events().includes('InvalidSpec'));
    for (let step = 0; step < 20; step += 1) await rig.pass();
    const [first, ...more] = told();
    assert.deepEqual([first?.alert.kind, first?.alert.percent, more], ['failed', 50, []]);
    assert.match(first?.alert.text ?? '', /spec\.policy.* kserve fraud-detector .* with 50 % of the traffic/);
    const conditions = () =>
      Object.fromEntries((rig.status()?.conditions ?? []).map(({ type, status }) => [type, status]));
    assert.deepEqual([conditions()['Accepted'], conditions()['Progressing']], ['False', 'False']);
    rig.change({ policy: undefined });
    await rig.until(() => conditions()['Progressing'] === 'True');
    await rig.untilPhase('promoted');
    assert.equal(conditions()['Accepted'], 'True');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('comes back no sooner than the API server wants', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    const asked = () =>
      rig.cluster.requests.filter(({ path }) => path.endsWith('/modelrollouts/fraud-detector')).length;
    const failure = { kind: 'unavailable', reason: 'slow down', retryAfterMs: 50_000 } as const;
    rig.cluster.fail({ failure, verb: 'get', plural: 'modelrollouts', times: Infinity });
    const before = asked();
    rig.change({ undecidedLimit: '2h' });
    await rig.until(() => asked() > before, 100);
    const startMs = rig.nowMs;
    await rig.until(() => asked() > before + 1, 1_000);
    assert.ok(rig.nowMs - startMs >= 49_000, String(rig.nowMs - startMs));
  });

  it('logs the shares of a patch, and nothing of the model', async () => {
    rig.start();
    const newModel = { storageUri: 'gs://models/fraud/v2?token=secret' };
    rig.apply({ target: { kserve: { name: 'fraud-detector', newModel } } });
    await rig.until(() => rig.patches.length > 0);
    const [line = ''] = rig.logged.filter((text) => text.includes('patching'));
    assert.match(line, /storageUri/);
    assert.match(line, /"path":"\/spec\/predictor\/canaryTrafficPercent","value":50/);
    assert.ok(!rig.logged.join().includes('secret'));
  });

  it('begins anew where the run is raised after the end, and not before', async () => {
    rig.start();
    rig.apply({ minimumAnalysis: '10h' });
    await rig.untilPhase('analysing');
    const newer = { kserve: { name: 'fraud-detector', newModel: { storageUri: 'gs://models/fraud/v3' } } };
    rig.change({ run: 2, target: newer, minimumAnalysis: '1m' });
    await rig.until(() => rig.status()?.phase === 'promoting');
    assert.deepEqual([rig.status()?.attempt, rig.status()?.run], [1, 1]);
    await rig.until(() => rig.status()?.attempt === 2);
    await rig.untilPhase('promoted');
    assert.equal(rig.status()?.run, 2);
    assert.deepEqual(rig.patches, [50, null, 50, null]);
  });

  it('waits while the API server is away, and goes on', async () => {
    rig.start({ lease: { namespace: 'x', identity: 'one' } });
    rig.apply();
    await rig.untilPhase('analysing');
    const down = { failure: { kind: 'unavailable', reason: 'connection refused' }, times: Infinity } as const;
    rig.cluster.fail({ ...down, plural: 'modelrollouts' });
    rig.cluster.fail({ ...down, plural: 'inferenceservices' });
    rig.watch.cut();
    for (let step = 0; step < 30; step += 1) await rig.pass(10_000);
    assert.deepEqual(rig.patches, [50]);
    rig.cluster.heal();
    await rig.watch.mend();
    await rig.untilPhase('promoted');
    assert.deepEqual(rig.patches, [50, null]);
  });

  it('watches each kind once, however many rollouts there are', async () => {
    for (let number = 0; number < 30; number += 1) {
      const name = `model-${number}`;
      rig.apply({ target: { kserve: { name } } }, name);
    }
    rig.apply();
    rig.start();
    await rig.untilPhase('promoted');
    for (let number = 0; number < 30; number += 1) await rig.untilPhase('failed', `model-${number}`);
    assert.deepEqual([...rig.watch.following.values()], [1]);
  });

  it('drives the namespaces that it is told, and no others', async () => {
    rig.start({ namespaces: ['other', 'ml'] });
    rig.apply();
    await rig.untilPhase('promoted');
    assert.ok(rig.watch.following.has('modelrollouts/other'));
    assert.ok(!rig.watch.following.has('modelrollouts'));
  });
});
