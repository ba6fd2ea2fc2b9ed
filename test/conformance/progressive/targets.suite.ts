/** The targets on a real API server with KServe's real controller: every trap that is known, and how each is kept out of. */
import assert from 'node:assert/strict';
import { openCluster, type OpenCluster } from '../../../src/progressive/cluster/open-cluster.js';
import { StatusStore } from '../../../src/progressive/controller/status-store.js';
import { initialState } from '../../../src/progressive/index.js';
import {
  modelRolloutApiVersion,
  modelRolloutKind,
  modelRolloutKindName,
  parseModelRollout,
  readSavedState,
} from '../../../src/progressive/resource/index.js';
import { rolloutReference } from '../../../src/progressive/resource/rollout-reference.js';
import { kserve } from '../../../src/progressive/targets/kserve/index.js';
import type { KserveSpec } from '../../../src/progressive/targets/kserve/kserve-spec.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { until } from '../../support/until.js';
import { modelRolloutFile } from './driving/shipped-access.js';
import { ApiError } from '../argo/cluster/api-client.js';
import type { InferenceService } from './rig/inference-service.js';
import { inferenceService } from './rig/inference-services.js';
import { ModelCluster } from './rig/model-cluster.js';
import { shareOf } from './scenarios/kserve-patches.js';
import { DrivenTarget, assertDone, assertNotDone } from './targets/driven-target.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;
const withinMs = 20_000;
const name = 'm';
const uri = (version: number) => `gs://models/m/${version}`;
const revision = (number: number) => `m-predictor-0000${number}`;

describe('targets on a real cluster', function () {
  this.timeout(60_000);
  let cluster: ModelCluster | undefined;
  const opened: OpenCluster[] = [];
  keepLogs(() => cluster?.processes ?? []);

  before(async function () {
    this.timeout(buildMs);
    cluster = await ModelCluster.start({ files: [modelRolloutFile] });
  });
  after(async () => {
    for (const one of opened) one.close();
    await cluster?.stop();
  });

  const theCluster = (): ModelCluster => cluster ?? assert.fail('there is no cluster');

  const connect = async (kubeconfig = theCluster().kubeconfig): Promise<OpenCluster> => {
    const result = await openCluster({ file: kubeconfig, env: {}, now: Date.now });
    assert.ok(result.ok);
    opened.push(result.value);
    return result.value;
  };

  /** A namespace with an InferenceService that serves its first model, and the target that it is. */
  const open = async (namespace: string, spec: Partial<KserveSpec> = {}) => {
    const { services, knative } = theCluster();
    await theCluster().createNamespace(namespace);
    await services.create(namespace, name, uri(1));
    const { api } = await connect();
    const whole = { name, newModel: { storageUri: uri(2) }, ...spec };
    const driven = new DrivenTarget(kserve.create(whole, { api, namespace }));
    return {
      driven,
      api,
      knative: (behaviour: Parameters<typeof knative.behave>[1]) => {
        knative.behave(namespace, behaviour);
      },
      patch: (...operations: Parameters<typeof services.patch>[2]) =>
        services.patch(namespace, name, operations),
      newModel: (version: number, percent: number) =>
        services.newModel(namespace, name, uri(version), percent),
      untilIt: (what: string, isThere: (service: InferenceService) => boolean) =>
        services.waitFor(namespace, name, isThere, { withinMs, what }),
      /** What was asked of the server, whatever it made of it. */
      patches: () => theCluster().audit.patchesIn(namespace),
      /** Brings the second model and promotes it, so that there is a model before the stable one. */
      promoteSecond: async () => {
        assertDone(await driven.bring(10));
        await driven.untilConfirmed(10);
        assertDone(await driven.promote());
        await services.waitFor(namespace, name, ({ rolledOut }) => rolledOut === revision(2), {
          withinMs,
          what: 'promoted',
        });
      },
    };
  };

  it('goes the whole way, each change confirmed by the status', async () => {
    const { driven, untilIt, patches } = await open('way');
    const stable = await driven.observe();
    assert.equal(stable.canary, null);
    assert.equal(stable.stable, revision(1));
    assertDone(await driven.bring(5));
    const first = await driven.untilConfirmed(5);
    assert.deepEqual([first.canary, first.stable], [revision(2), revision(1)]);
    for (const percent of [10, 25, 50]) {
      assertDone(await driven.shift(percent));
      const seen = await driven.untilConfirmed(percent);
      assert.equal(seen.fingerprint, first.fingerprint);
      await untilIt(`at ${percent} %`, ({ percents }) => percents.get(revision(2)) === percent);
    }
    assertDone(await driven.promote());
    await driven.untilIt((state) => state.stable === revision(2) && state.canary === null);
    assert.deepEqual(
      patches().map(({ body = '' }) => shareOf(body)),
      [5, 10, 25, 50, 'removed'],
    );
    assert.ok(patches().every(({ status }) => status === 200));
  });

  it('goes to zero whatever the share is meanwhile', async () => {
    const { driven, patch } = await open('zero');
    assertDone(await driven.bring(10));
    const seen = await driven.untilConfirmed(10);
    await patch({ op: 'replace', path: '/spec/predictor/canaryTrafficPercent', value: 50 });
    assertNotDone(await driven.shift(25, seen), 'conflict', /50 % instead of 10 %/);
    assertDone(await driven.rollBack(seen));
    const back = await driven.untilConfirmed(0);
    assert.deepEqual([back.canary, back.stable], [revision(2), revision(1)]);
  });

  it('refuses a share on a stable service, which would bring back the model before it', async () => {
    const { driven, promoteSecond, patches } = await open('armed');
    await promoteSecond();
    const sent = patches().length;
    assertNotDone(await driven.shift(5), 'conflict', /no newer revision/);
    assertNotDone(await driven.rollBack(), 'conflict', /no newer revision/);
    assert.equal(patches().length, sent);
    assert.equal((await driven.observe()).stable, revision(2));
  });

  it('sees that a canary is not ready, and that its traffic is the stable one', async () => {
    const { driven, knative } = await open('unready');
    knative({ readyAfterMs: 'never' });
    assertDone(await driven.bring(10));
    const seen = await driven.untilIt(({ canary }) => canary === revision(2));
    assert.equal(seen.observedPercent, 0);
    assert.equal(seen.configuredPercent, 10);
    assert.equal(seen.readiness.kind, 'not-ready');
    assertDone(await driven.rollBack());
  });

  it('tells why a model does not load, which is no end of it: KServe says so at the first restart', async () => {
    const { driven, knative } = await open('broken');
    knative({ loadFailure: 'no such bucket' });
    assertDone(await driven.bring(10));
    await driven.untilIt(
      ({ readiness }) => readiness.kind === 'not-ready' && readiness.text.includes('no such bucket'),
    );
    assert.equal((await driven.observe()).observedPercent, 0);
  });

  it('shows another stable version where the one before it was pinned', async () => {
    const { driven, knative, promoteSecond, newModel } = await open('race');
    await promoteSecond();
    const before = await driven.observe();
    assert.equal(before.stable, revision(2));
    knative({ routeFirstMs: 300 });
    await newModel(3, 10);
    const raced = await driven.untilIt(
      ({ canary, stable }) => canary === revision(3) && stable === revision(1),
    );
    assertNotDone(
      await driven.shift(25, { ...raced, stable: before.stable }),
      'conflict',
      /the stable version is m-predictor-00001 instead of m-predictor-00002/,
    );
  });

  it('confirms nothing while traffic goes over gradually', async () => {
    const { driven, knative, untilIt } = await open('gradual');
    knative({ rolloutMs: 2000 });
    assertDone(await driven.bring(50));
    const moving = await driven.untilIt(({ note }) => note?.includes('gradually') === true);
    assert.equal(moving.observedPercent, null);
    await driven.untilConfirmed(50);
    await untilIt('shared out', ({ percents }) => [...percents.values()].join() === '50,50');
  });

  it('confirms nothing while the status is older than the spec', async () => {
    const { driven, knative } = await open('stale');
    assertDone(await driven.bring(10));
    await driven.untilConfirmed(10);
    knative({ isSilent: true });
    assertDone(await driven.shift(25));
    const stale = await driven.observe();
    assert.deepEqual([stale.configuredPercent, stale.observedPercent], [25, null]);
    knative({});
    await driven.untilConfirmed(25);
  });

  it('changes no newer model, nor another resource of the same name', async () => {
    const { driven, patch, patches } = await open('newer');
    const { services } = theCluster();
    assertDone(await driven.bring(10));
    const seen = await driven.untilConfirmed(10);
    await patch({ op: 'replace', path: '/spec/predictor/model/storageUri', value: uri(3) });
    assert.notEqual((await driven.observe()).fingerprint, seen.fingerprint);
    assertNotDone(await driven.shift(25, seen), 'conflict', /another model/);
    assertNotDone(await driven.rollBack(seen), 'conflict', /another model/);
    await services.delete('newer', name);
    await until(async () => (await driven.target.observe()).kind === 'gone');
    assert.deepEqual(await driven.rollBack(seen), { kind: 'gone' });
    await services.create('newer', name, uri(1));
    assertNotDone(await driven.rollBack(seen), 'conflict', /another resource/);
    assert.equal(patches().length, 1);
  });

  it('loses no race between its reading and its writing', async () => {
    const { driven, api } = await open('raced');
    assertDone(await driven.bring(10));
    const seen = await driven.untilConfirmed(10);
    // Somebody writes as soon as the target has read.
    const racing = new DrivenTarget(
      kserve.create(
        { name, newModel: undefined },
        {
          namespace: 'raced',
          api: {
            ...boundTo(api),
            get: async (reference, signal) => {
              const answer = await api.get(reference, signal);
              await theCluster().services.patch('raced', name, [
                { op: 'replace', path: '/spec/predictor/canaryTrafficPercent', value: 20 },
              ]);
              return answer;
            },
          },
        },
      ),
    );
    const result = await racing.shift(25, seen);
    assertNotDone(result, 'conflict', /changed at the same moment/);
    assert.equal((await driven.observe()).configuredPercent, 20);
  });

  it('does what it has a role for, and says what it has none for', async () => {
    const { driven } = await open('roles');
    const { kubeconfigOf, apply } = bound(theCluster());
    await apply(accountWith('reader', ['get']));
    await apply(accountWith('driver', ['get', 'patch']));
    const asked = async (account: string) => {
      const { api } = await connect(await kubeconfigOf({ namespace: 'roles', name: account }));
      return new DrivenTarget(
        kserve.create({ name, newModel: { storageUri: uri(2) } }, { api, namespace: 'roles' }),
      );
    };
    const reader = await asked('reader');
    assertNotDone(await reader.bring(10), 'refused', /forbidden|cannot patch/i);
    assert.equal((await driven.observe()).configuredPercent, null);
    const driver = await asked('driver');
    assertDone(await driver.bring(10));
    await driver.untilConfirmed(10);
  });

  it('is refused in Standard mode where nothing splits the traffic', async () => {
    const { api } = await connect();
    await theCluster().createNamespace('standard');
    const standard = inferenceService('standard', name, uri(1));
    await theCluster().api.ask('/apis/serving.kserve.io/v1beta1/namespaces/standard/inferenceservices', {
      method: 'POST',
      body: {
        ...standard,
        metadata: { name, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
      },
    });
    const target = kserve.create(
      { name, newModel: { storageUri: uri(2) }, canary: 'v2' },
      { api, namespace: 'standard' },
    );
    await until(async () => {
      const state = await target.observe();
      return state.kind !== 'unavailable' || state.reason.includes('HTTPRoute');
    });
    const state = await target.observe();
    assert.ok(state.kind !== 'observed' && state.kind !== 'gone');
    assert.match(state.reason, /HTTPRoute/);
  });

  it('is what the API server makes of a JSON Patch: 422 for a test that does not hold, and nothing changed', async () => {
    const { driven, patch } = await open('unprocessable');
    const stale = patch(
      { op: 'test', path: '/metadata/generation', value: 99 },
      { op: 'add', path: '/spec/predictor/canaryTrafficPercent', value: 99 },
    );
    await assert.rejects(stale, (error) => error instanceof ApiError && error.status === 422);
    assert.equal((await driven.observe()).configuredPercent, null);
  });

  it('lets one of two who saved the state from the same copy act: the other is answered 409', async () => {
    const { api } = await connect();
    await theCluster().createNamespace('conflicting');
    const written = {
      apiVersion: modelRolloutApiVersion,
      kind: modelRolloutKindName,
      metadata: { namespace: 'conflicting', name },
      spec: { target: { kserve: { name } } },
    };
    const created = await api.create(modelRolloutKind, 'conflicting', written);
    assert.ok(created.kind === 'ok', JSON.stringify(created));
    const parsed = parseModelRollout(created.value);
    assert.ok(parsed.ok);
    const given = { rollout: parsed.value, run: 1, object: created.value };
    const [one, other] = [new StatusStore(api, given, Date.now), new StatusStore(api, given, Date.now)];
    const state = initialState(Date.now());
    assert.deepEqual(await one.save({ ...state, percent: 5 }), { kind: 'saved' });
    assert.deepEqual(await other.save({ ...state, percent: 50 }), { kind: 'conflict' });
    const now = await api.get(rolloutReference('conflicting', name));
    assert.ok(now.kind === 'ok');
    const saved = readSavedState(now.value.status);
    assert.ok(saved.kind === 'saved');
    assert.equal(saved.state.percent, 5);
  });
});

function boundTo(api: OpenCluster['api']): OpenCluster['api'] {
  return {
    get: (...given) => api.get(...given),
    list: (...given) => api.list(...given),
    patch: (...given) => api.patch(...given),
    create: (...given) => api.create(...given),
    replace: (...given) => api.replace(...given),
  };
}

function bound(cluster: ModelCluster) {
  return {
    kubeconfigOf: (account: { readonly namespace: string; readonly name: string }) =>
      cluster.kubeconfigOf(account),
    apply: (objects: readonly object[]) => cluster.apply(objects),
  };
}

/** A service account that may do so much with InferenceServices of its namespace. */
function accountWith(account: string, verbs: readonly string[]): readonly object[] {
  const metadata = { namespace: 'roles', name: account };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: ['serving.kserve.io'], resources: ['inferenceservices'], verbs }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
  ];
}
