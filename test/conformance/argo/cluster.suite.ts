import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { until } from '../../support/until.js';
import { ArgoCluster } from './cluster/argo-cluster.js';
import type { RolloutState } from './cluster/rollout-state.js';
import { routedObjects, smallRollout, verdictMetric } from './cluster/small-rollout.js';
import { VerdictStub } from './cluster/verdict-stub.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;
const namespace = 'ml';
const isHealthy = ({ phase }: RolloutState) => phase === 'Healthy';
const healthy = { withinMs: 60_000, what: 'healthy' };

/** The stub's answer for a model: its name says it. */
const measurementOf = ({ model }: { readonly model: string }) => [0.03, model, `a ${model}`];

describe('a cluster of plain processes', function () {
  this.timeout(120_000);
  let stub: VerdictStub;
  let cluster: ArgoCluster;
  keepLogs(() => cluster.processes);

  before(async function () {
    this.timeout(buildMs);
    stub = await VerdictStub.start(measurementOf);
    cluster = await ArgoCluster.start({ routers: true });
    await cluster.createNamespace(namespace);
  });
  after(async () => {
    await cluster.stop();
    await stub.stop();
  });

  /** A stable version is there, and a newer one is told. */
  const change = async (name: string): Promise<RolloutState> => {
    await cluster.apply(smallRollout(name, stub.url), { namespace });
    const stable = await cluster.waitForRollout(namespace, name, isHealthy, healthy);
    assert.equal(stable.stableHash, stable.currentHash);
    assert.equal(stable.availableReplicas, 4);
    await cluster.newVersion(namespace, name, '2');
    return stable;
  };
  const runOf = async (name: string) =>
    (await cluster.readAnalysisRuns(namespace)).find((run) => run.name.startsWith(`${name}-`)) ??
    assert.fail(`${name} has no analysis run`);

  it('promotes on promote', async () => {
    const { currentHash } = await change('promote');
    const atStep = await cluster.waitForRollout(
      namespace,
      'promote',
      ({ pauses, currentShare }) => pauses.includes('CanaryPauseStep') && currentShare > 0,
      { withinMs: 30_000, what: 'at its first weight' },
    );
    assert.equal(atStep.currentShare, 0.25);
    assert.equal(atStep.currentStepIndex, 1);
    const promoted = await cluster.waitForRollout(namespace, 'promote', isHealthy, healthy);
    assert.notEqual(promoted.stableHash, currentHash);
    assert.equal(promoted.currentShare, 1);
    assert.deepEqual(stub.asked, [{ model: 'promote', canary: promoted.stableHash, stable: currentHash }]);
    const run = await runOf('promote');
    assert.equal(run.type, 'Step');
    assert.equal(run.phase, 'Successful');
    assert.deepEqual(
      run.metrics.map(({ name, successful, measurements }) => [name, successful, measurements[0]?.value]),
      [['ml-model-verdict', 1, '[0.03,"promote","a promote"]']],
    );
    assert.match(await cluster.plugin(['get', 'rollout', 'promote', '-n', namespace]), /Status: +✔ Healthy/);
  });

  it('rolls back on rollback, also after the controller was killed, and retries when told to', async () => {
    const { stableHash } = await change('rollback');
    await cluster.restartController();
    const isAborted = ({ phase, isAborted, availableReplicas, updatedReplicas }: RolloutState) =>
      phase === 'Degraded' && isAborted && availableReplicas === 4 && updatedReplicas === 0;
    const aborted = { withinMs: 60_000, what: 'aborted' };
    const state = await cluster.waitForRollout(namespace, 'rollback', isAborted, aborted);
    assert.equal(state.stableHash, stableHash);
    assert.equal(state.currentStepIndex, 0);
    assert.equal(state.currentShare, 0);
    assert.match(
      state.message,
      /Metric "ml-model-verdict" assessed Failed due to failed \(1\) > failureLimit \(0\)/,
    );
    const run = await runOf('rollback');
    assert.equal(run.phase, 'Failed');
    const reasons = (await cluster.readEvents(namespace))
      .filter(({ kind, name }) => kind === 'Rollout' && name === 'rollback')
      .map(({ reason }) => reason);
    assert.ok(reasons.includes('AnalysisRunFailed'), reasons.join(' '));

    const asked = stub.asked.length;
    await cluster.restartController('SIGTERM');
    await cluster.retry(namespace, 'rollback');
    await until(() => stub.asked.length > asked);
    await cluster.waitForRollout(namespace, 'rollback', isAborted, aborted);
  });

  it('pauses on hold, until a person promotes or aborts', async () => {
    const held = { withinMs: 60_000, what: 'held' };
    const isHeld = ({ pauses }: RolloutState) => pauses.includes('InconclusiveAnalysisRun');
    const { stableHash } = await change('hold');
    const state = await cluster.waitForRollout(namespace, 'hold', isHeld, held);
    assert.equal(state.phase, 'Paused');
    assert.equal((await runOf('hold')).phase, 'Inconclusive');
    await cluster.promote(namespace, 'hold');
    const promoted = await cluster.waitForRollout(namespace, 'hold', isHealthy, healthy);
    assert.notEqual(promoted.stableHash, stableHash);

    await cluster.newVersion(namespace, 'hold', '3');
    await cluster.waitForRollout(namespace, 'hold', isHeld, held);
    await cluster.abort(namespace, 'hold');
    const { stableHash: kept } = await cluster.waitForRollout(
      namespace,
      'hold',
      ({ isAborted, phase }) => isAborted && phase === 'Degraded',
      { withinMs: 60_000, what: 'aborted' },
    );
    assert.equal(kept, promoted.stableHash);
  });

  it('tells a router the weights of few pods', async () => {
    const router = {
      canaryService: 'routed-canary',
      stableService: 'routed-stable',
      trafficRouting: { istio: { virtualService: { name: 'routed' } } },
    };
    const [template = {}, rollout = {}] = smallRollout('routed', stub.url, { router });
    await cluster.apply([template, ...routedObjects('routed'), rollout], { namespace });
    await cluster.waitForRollout(namespace, 'routed', isHealthy, healthy);
    await cluster.newVersion(namespace, 'routed', '2');
    const { currentShare } = await cluster.waitForRollout(
      namespace,
      'routed',
      ({ weights }) => weights?.canary === 25,
      { withinMs: 60_000, what: 'at 25 %' },
    );
    assert.equal(currentShare, 0.25);
    const route = JSON.stringify(await cluster.get('virtualservice', 'routed', namespace));
    assert.match(route, /"weight":75\}.*"weight":25\}/);
  });

  it('refuses a field that nobody knows, in an object of Argo as in any other', async () => {
    const [template = {}] = smallRollout('strict', stub.url);
    await assert.rejects(
      cluster.apply([{ ...template, metadata: { name: 'strict' }, specs: {} }], { namespace }),
      /unknown field "specs"/,
    );
    await assert.rejects(
      cluster.apply('{ apiVersion: v1, kind: ConfigMap, metadata: { name: strict }, dat: {} }', {
        namespace,
      }),
      /unknown field "dat"/,
    );
    await assert.rejects(cluster.get('analysistemplate', 'strict', namespace), /not found/);
  });

  it('says what there was where a wait is in vain', async () => {
    const wait = { withinMs: 100, what: 'at step 9' };
    await assert.rejects(
      cluster.waitForRollout(namespace, 'rollback', ({ currentStepIndex }) => currentStepIndex === 9, wait),
      (error: Error) => {
        assert.match(error.message, /rollout ml\/rollback is not at step 9 within 0\.1 s; its status was/);
        assert.match(error.message, /Degraded step 0 .* aborted/);
        assert.match(error.message, /condition Progressing False RolloutAborted/);
        assert.match(error.message, /run rollback-\S+ Failed/);
        assert.match(error.message, /the controller said last:\n.*rollback/);
        return true;
      },
    );
  });

  it('leaves neither a process nor a file behind', async () => {
    const { processes, folder } = cluster;
    // Two database and API processes, the controller manager, and three controllers, two of which were ended before.
    assert.equal(processes.length, 6);
    assert.ok(existsSync(folder));
    await cluster.stop();
    for (const { pid, name } of processes) {
      assert.throws(() => process.kill(-pid, 0), { code: 'ESRCH' }, name);
    }
    assert.ok(!existsSync(folder));
  });
});

describe('a cluster that only measures', function () {
  this.timeout(60_000);
  let stub: VerdictStub;
  let cluster: ArgoCluster;
  keepLogs(() => cluster.processes);

  before(async function () {
    this.timeout(buildMs);
    stub = await VerdictStub.start(measurementOf);
    cluster = await ArgoCluster.start({ controllers: 'analysis' });
    await cluster.createNamespace(namespace);
  });
  after(async () => {
    await cluster.stop();
    await stub.stop();
  });

  it('measures runs that nobody owns', async () => {
    const phases = { promote: 'Successful', hold: 'Inconclusive', rollback: 'Failed' };
    const runs = Object.keys(phases).map((model) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisRun',
      metadata: { name: model },
      spec: { metrics: [verdictMetric(stub.url, { model, canary: 'v2', stable: 'v1' })] },
    }));
    await cluster.apply(runs, { namespace });
    const isEnded = (phase: string) => !['', 'Pending', 'Running'].includes(phase);
    for (const model of Object.keys(phases)) {
      await cluster.waitForAnalysisRun(namespace, ({ name, phase }) => name === model && isEnded(phase), {
        withinMs: 30_000,
        what: `${model} and ended`,
      });
    }
    const seen = await cluster.readAnalysisRuns(namespace);
    assert.deepEqual(Object.fromEntries(seen.map(({ name, phase }) => [name, phase])), phases);
  });
});
