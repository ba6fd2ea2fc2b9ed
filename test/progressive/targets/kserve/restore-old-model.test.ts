import assert from 'node:assert/strict';
import {
  restoreOldModel,
  type RestoreResult,
  type RestoreStep,
} from '../../../../src/progressive/targets/index.js';
import { KnativePlatform } from '../../../support/progressive/platforms/knative-platform.js';
import { edited } from '../../../support/edited.js';
import { until } from '../../../support/until.js';

const oldModel = { storageUri: 'gs://models/fraud/v1' };

function rolledBack(percent = 0): KnativePlatform {
  const platform = new KnativePlatform();
  platform.applyCanary(percent);
  platform.reconcile();
  return platform;
}

function percentOf(platform: KnativePlatform): unknown {
  const { spec } = platform.cluster.read(platform.reference) as unknown as {
    readonly spec: { readonly predictor: { readonly canaryTrafficPercent?: number } };
  };
  return spec.predictor.canaryTrafficPercent;
}

/** Begins it; the platform does its work only when it is told to. */
function begin(platform: KnativePlatform) {
  const steps: RestoreStep[] = [];
  const stop = new AbortController();
  let result: RestoreResult | undefined;
  const done = restoreOldModel(platform.cluster, platform.reference, oldModel, {
    pollMs: 1,
    signal: stop.signal,
    onStep: (step) => steps.push(step),
  }).then((ended) => (result = ended));
  return { steps, stop, done, result: () => result };
}

describe('restoreOldModel', () => {
  it('takes the share away only once the restored revision is ready: the bad one never gets any', async () => {
    const platform = rolledBack();
    const run = begin(platform);
    await until(() => run.steps.some(({ kind }) => kind === 'waiting'));
    assert.equal(percentOf(platform), 0);
    platform.canBeReady = true;
    platform.reconcile();
    await until(() => run.steps.some(({ kind }) => kind === 'releasing'));
    await until(() => percentOf(platform) === undefined);
    assert.equal(run.result(), undefined);
    platform.reconcile();
    assert.deepEqual(await run.done, { kind: 'done' });
    assert.deepEqual(run.steps.at(-1), {
      kind: 'restored',
      revision: 'fraud-detector-predictor-00003',
    });
    assert.equal(platform.cluster.changes.length, 2);
  });

  it('goes on where it was interrupted', async () => {
    const platform = rolledBack();
    const first = begin(platform);
    await until(() => first.steps.some(({ kind }) => kind === 'waiting'));
    first.stop.abort();
    await assert.rejects(first.done, { name: 'AbortError' });
    platform.reconcile();
    const second = begin(platform);
    await until(() => percentOf(platform) === undefined);
    second.stop.abort();
    await assert.rejects(second.done, { name: 'AbortError' });
    const third = begin(platform);
    await until(() => third.steps.some(({ kind }) => kind === 'waiting'));
    platform.reconcile();
    assert.deepEqual(await third.done, { kind: 'done' });
    assert.deepEqual(await begin(platform).done, { kind: 'done' });
    assert.equal(platform.cluster.changes.length, 2);
  });

  it('asks again where an answer was lost', async () => {
    const platform = rolledBack();
    const run = begin(platform);
    await until(() => run.steps.some(({ kind }) => kind === 'waiting'));
    const failure = { kind: 'unavailable', reason: 'timed out' } as const;
    platform.cluster.fail({ failure, verb: 'get' });
    platform.cluster.fail({ failure, verb: 'patch' });
    platform.cluster.fail({ failure, verb: 'patch', afterApplying: true });
    platform.reconcile();
    await until(() => percentOf(platform) === undefined);
    platform.reconcile();
    assert.deepEqual(await run.done, { kind: 'done' });
  });

  it('is refused while the canary has a share', async () => {
    const result = await begin(rolledBack(10)).done;
    assert.equal(result.kind, 'refused');
    assert.match(result.reason, /has to be 0 .* 10 %: roll back first/);
  });

  it('waits for the traffic to have followed the rollback', async () => {
    const platform = rolledBack(10);
    platform.setPercent(0);
    assert.equal((await begin(platform).done).kind, 'conflict');
    assert.deepEqual(platform.cluster.changes, []);
  });

  it('says why an old model does not load, which costs nobody a request, and waits on', async () => {
    const platform = rolledBack();
    platform.canBeReady = false;
    const run = begin(platform);
    await until(() => run.steps.some(({ kind }) => kind === 'waiting'));
    platform.reconcile();
    const said = (step: RestoreStep) =>
      step.kind === 'waiting' && step.text.includes('no such object in the bucket');
    await until(() => run.steps.some(said));
    assert.equal(run.result(), undefined);
    assert.equal(percentOf(platform), 0);
    run.stop.abort();
    await assert.rejects(run.done, { name: 'AbortError' });
  });

  it('gives up one that cannot be, whatever is tried', async () => {
    const platform = rolledBack();
    platform.canBeReady = false;
    const run = begin(platform);
    await until(() => run.steps.some(({ kind }) => kind === 'waiting'));
    platform.reconcile();
    platform.cluster.edit(platform.reference, (object) =>
      edited(object, 'status.modelStatus.transitionStatus', 'InvalidSpec'),
    );
    const result = await run.done;
    assert.equal(result.kind, 'failed');
    assert.equal(percentOf(platform), 0);
  });

  it('stops where somebody else does something', async () => {
    for (const change of [
      (platform: KnativePlatform) => {
        platform.applyNewerModel();
      },
      (platform: KnativePlatform) => {
        platform.setPercent(50);
      },
    ]) {
      const platform = rolledBack();
      const run = begin(platform);
      await until(() => run.steps.some(({ kind }) => kind === 'waiting'));
      change(platform);
      assert.equal((await run.done).kind, 'conflict');
      assert.equal(platform.cluster.changes.length, 1);
    }
  });

  it('only has the first change checked in a dry run', async () => {
    const platform = rolledBack();
    const before = platform.cluster.read(platform.reference);
    const steps: RestoreStep[] = [];
    const result = await restoreOldModel(platform.cluster, platform.reference, oldModel, {
      dryRun: true,
      onStep: (step) => steps.push(step),
    });
    assert.deepEqual(result, { kind: 'done' });
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['restoring'],
    );
    assert.deepEqual(platform.cluster.read(platform.reference), before);
  });
});
