import assert from 'node:assert/strict';
import { edited } from '../../../support/edited.js';
import { httpRoutes, StandardPlatform } from '../../../support/progressive/platforms/standard-platform.js';
import { expectedOf, observed, targetOn } from '../../../support/progressive/platforms/target-on.js';

const route = { ...httpRoutes, namespace: 'ml', name: 'fraud-detector' };
const predictorRoute = { ...route, name: 'fraud-detector-predictor' };

function withCanary(percent = 10): StandardPlatform {
  const platform = new StandardPlatform();
  platform.applyCanary(percent);
  platform.reconcile();
  return platform;
}

function editService(platform: StandardPlatform, path: string, value: unknown): StandardPlatform {
  platform.cluster.edit(platform.reference, (object) => edited(object, path, value));
  return platform;
}

describe('InferenceService in Standard mode', () => {
  it('believes the routes and not the status, which only repeats the spec', async () => {
    const platform = withCanary(10);
    platform.setPercent(25);
    platform.cluster.edit(platform.reference, (object) =>
      edited(object, 'status.canaryStatuses[0].trafficPercent', 25),
    );
    const state = await observed(targetOn(platform));
    assert.deepEqual([state.configuredPercent, state.observedPercent], [25, 10]);
  });

  it('does not believe routes that disagree, or that no Gateway follows yet', async () => {
    const accepted = 'status.parents[0].conditions[0]';
    const cases = [
      [predictorRoute, 'spec.rules[0].backendRefs[1].weight', 0],
      [route, 'spec.rules[0].backendRefs', []],
      [route, `${accepted}.status`, 'False'],
      [route, `${accepted}.observedGeneration`, 0],
      [route, 'status.parents[0].conditions[1].status', 'False'],
      [predictorRoute, 'status.parents', []],
    ] as const;
    for (const [reference, path, value] of cases) {
      const platform = withCanary(10);
      if (path === 'spec.rules[0].backendRefs') {
        platform.cluster.edit(predictorRoute, (object) => edited(object, path, value));
      }
      platform.cluster.edit(reference, (object) => edited(object, path, value));
      const state = await observed(targetOn(platform));
      assert.equal(state.observedPercent, null, path);
      assert.notEqual(state.note, null);
    }
  });

  it('says that a version that does not split the traffic does not', async () => {
    const platform = new StandardPlatform();
    platform.splits = false;
    platform.applyCanary(10);
    platform.reconcile();
    const state = await observed(targetOn(platform));
    assert.deepEqual([state.configuredPercent, state.observedPercent], [10, 0]);
    assert.match(state.note ?? '', /0\.20\.0/);
  });

  it('sees no traffic for a canary that is left out while it is not ready', async () => {
    const platform = new StandardPlatform();
    platform.canBeReady = false;
    platform.applyCanary(10);
    platform.reconcile();
    const state = await observed(targetOn(platform));
    assert.equal(state.observedPercent, 0);
    assert.equal(state.note, null);
    assert.deepEqual(state.readiness, {
      kind: 'failed',
      text: 'ModelLoadFailed: no such object in the bucket',
    });
  });

  it('cannot be driven without routes of the Gateway API', async () => {
    const platform = withCanary(10);
    platform.cluster.uninstall(httpRoutes);
    const state = await targetOn(platform).observe();
    assert.equal(state.kind, 'undrivable');
    assert.match(state.reason, /no HTTPRoute fraud-detector/);
    editService(platform, 'status.conditions', []);
    assert.equal((await targetOn(platform).observe()).kind, 'unavailable');
  });

  it('cannot be driven where the split would not be whole', async () => {
    for (const [path, value, reason] of [
      ['spec.transformer', { containers: [] }, /transformer/],
      ['spec.explainer', {}, /explainer/],
      ['spec.predictor.canaryTrafficPercent', 10, /canaryTrafficPercent is ignored/],
    ] as const) {
      const platform = withCanary(10);
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      editService(platform, path, value);
      const state = await target.observe();
      assert.equal(state.kind, 'undrivable');
      assert.match(state.reason, reason);
      const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
      assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'refused');
    }
  });

  it('asks which of several entries is meant, and takes the one that is named', async () => {
    const platform = withCanary(10);
    platform.editSpec((spec) => ({
      ...spec,
      canary: [{ trafficPercent: 0, predictor: { name: 'dark', model: {} } }, ...(spec.canary ?? [])],
    }));
    platform.reconcile();
    const named = await observed(targetOn(platform));
    assert.deepEqual([named.canary, named.observedPercent, named.foreignChange], [platform.canary, 10, null]);
    const unnamed = Object.assign(platform, { target: { kserve: { name: 'fraud-detector' } } });
    const state = await targetOn(unnamed).observe();
    assert.equal(state.kind, 'undrivable');
    assert.match(state.reason, /dark, v2/);
  });

  it('rolls back the entry of the model that is meant where nobody had to name it before a second one came', async () => {
    const model = (version: string) => ({
      modelFormat: { name: 'sklearn' },
      storageUri: `gs://models/fraud/${version}`,
    });
    const rolledBack = async (dark: string) => {
      const platform = Object.assign(withCanary(10), { target: { kserve: { name: 'fraud-detector' } } });
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      platform.editSpec((spec) => ({
        ...spec,
        canary: [
          { trafficPercent: 20, predictor: { name: 'dark', model: model(dark) } },
          ...(spec.canary ?? []),
        ],
      }));
      const result = await target.rollBack({ kind: 'roll-back', expected });
      const other = await target.rollBack({
        kind: 'roll-back',
        expected: { ...expected, fingerprint: 'another' },
      });
      const { canary } = platform.cluster.read(platform.reference)?.spec as {
        readonly canary: readonly { readonly trafficPercent: number }[];
      };
      return { result, other, shares: canary.map(({ trafficPercent }) => trafficPercent) };
    };
    const { result, other, shares } = await rolledBack('v9');
    assert.deepEqual([result.kind, shares], ['done', [20, 0]]);
    assert.equal(other.kind, 'refused');
    assert.match(other.reason, /several entries \(dark, v2\).* None of them has the model/);
    const twice = await rolledBack('v2');
    assert.deepEqual([twice.result.kind, twice.shares], ['refused', [20, 10]]);
    assert.ok('reason' in twice.result);
    assert.match(twice.result.reason, /Several of them have the model/);
  });

  it('tells another entry that has traffic, and does not step beside it', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    platform.editSpec((spec) => ({
      ...spec,
      canary: [...(spec.canary ?? []), { trafficPercent: 20, predictor: { name: 'v3', model: {} } }],
    }));
    platform.reconcile();
    const state = await observed(target);
    assert.match(state.foreignChange ?? '', /v3.* 20 %/);
    const expected = expectedOf(state);
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
  });

  it('sees another model under the name of the stable version, and takes more replicas for none', async () => {
    const platform = withCanary(10);
    // A canary that has its own: what it inherits would be another canary.
    editService(platform, 'spec.canary[0].predictor.model', {
      modelFormat: { name: 'sklearn' },
      storageUri: 'gs://models/fraud/v2',
    });
    const target = targetOn(platform);
    const before = await observed(target);
    editService(platform, 'spec.predictor.minReplicas', 7);
    const scaled = await observed(target);
    assert.equal(scaled.stableFingerprint, before.stableFingerprint);
    assert.equal(scaled.fingerprint, before.fingerprint);
    editService(platform, 'spec.predictor.model.storageUri', 'gs://models/fraud/v0');
    const changed = await observed(target);
    assert.notEqual(changed.stableFingerprint, before.stableFingerprint);
    assert.equal(changed.fingerprint, before.fingerprint);
    const expected = expectedOf(before);
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
  });

  it('does not say who is stable after a promotion before the routes follow', async () => {
    const platform = withCanary(50);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    await target.promote({ kind: 'promote', expected, fromPercent: 50 });
    const state = await observed(target);
    assert.deepEqual([state.canary, state.stable, state.observedPercent], [null, null, null]);
    assert.match(state.note ?? '', /routes do not give everything/);
    platform.reconcile();
    assert.equal((await observed(target)).stable, platform.canary);
  });

  it('promotes all that the canary has otherwise, and keeps the replicas of the stable one', async () => {
    const promoted = async (overlay: Readonly<Record<string, unknown>>) => {
      const platform = withCanary(50);
      editService(platform, 'spec.canary[0].predictor', { name: 'v2', minReplicas: 1, ...overlay });
      platform.reconcile();
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      assert.deepEqual(await target.promote({ kind: 'promote', expected, fromPercent: 50 }), {
        kind: 'done',
      });
      return platform.cluster.read(platform.reference)?.spec;
    };
    const model = { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models/fraud/v2' };
    const whole = { predictor: { name: 'v2', minReplicas: 4, model } };
    assert.deepEqual(await promoted({ model }), whole);
    assert.deepEqual(await promoted({ model: { storageUri: 'gs://models/fraud/v2' } }), whole);
    const timeout = { ...whole.predictor, timeout: 30 };
    assert.deepEqual(await promoted({ model, timeout: 30 }), { predictor: timeout });
  });

  it('does not drive a new model into a version that drops the field', async () => {
    const platform = new StandardPlatform();
    const { api } = {
      api: new Proxy(platform.cluster, {
        get: (cluster, name) => {
          if (name !== 'patch') {
            const member: unknown = Reflect.get(cluster, name);
            return typeof member === 'function' ? (member.bind(cluster) as unknown) : member;
          }
          return async (...given: Parameters<typeof cluster.patch>) => {
            const answer = await cluster.patch(...given);
            return answer.kind === 'ok'
              ? { ...answer, value: edited(answer.value, 'spec.canary', undefined) }
              : answer;
          };
        },
      }),
    };
    const target = targetOn(platform, { api });
    const { uid, stable } = await observed(target);
    const expected = { uid, stable, fingerprint: null };
    const step = { expected, fromPercent: null, toPercent: 5, bringsModel: true };
    const result = await target.setWeight({ kind: 'set-weight', ...step });
    assert.equal(result.kind, 'refused');
    assert.match(result.reason, /does not know spec\.canary/);
  });
});
