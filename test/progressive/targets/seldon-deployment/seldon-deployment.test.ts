import assert from 'node:assert/strict';
import { edited } from '../../../support/edited.js';
import {
  SeldonDeploymentPlatform,
  virtualServices,
} from '../../../support/progressive/platforms/seldon-deployment-platform.js';
import { expectedOf, observed, targetOn } from '../../../support/progressive/platforms/target-on.js';

function withCanary(percent = 10, ingress: 'istio' | 'ambassador' = 'istio'): SeldonDeploymentPlatform {
  const platform = new SeldonDeploymentPlatform(ingress);
  platform.applyCanary(percent);
  platform.reconcile();
  return platform;
}

const route = { ...virtualServices, namespace: 'ml', name: 'fraud-detector' };

describe('SeldonDeployment', () => {
  it('believes the routes: a change that the operator has not made yet is not the traffic', async () => {
    for (const ingress of ['istio', 'ambassador'] as const) {
      const platform = withCanary(10, ingress);
      platform.setPercent(25);
      const state = await observed(targetOn(platform));
      assert.deepEqual([state.configuredPercent, state.observedPercent], [25, 10]);
    }
  });

  it('does not take the share of HTTP for that of gRPC', async () => {
    const platform = withCanary(10);
    platform.cluster.edit(route, (object) => edited(object, 'spec.http[1].route[1].weight', 5));
    const state = await observed(targetOn(platform));
    assert.equal(state.observedPercent, null);
    assert.match(state.note ?? '', /one share/);
  });

  it('takes an edit of the stable predictor for no other canary, and rolls back all the same', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const before = await observed(target);
    platform.edit((predictors) =>
      predictors.map((one) => (one.name === 'main' ? { ...one, labels: { team: 'a' }, replicas: 9 } : one)),
    );
    const scaled = await observed(target);
    assert.deepEqual(
      [scaled.fingerprint, scaled.stableFingerprint],
      [before.fingerprint, before.stableFingerprint],
    );
    platform.edit((predictors) =>
      predictors.map((one) =>
        one.name === 'main' ? { ...one, graph: { name: 'classifier', modelUri: 'gs://m/other' } } : one,
      ),
    );
    const changed = await observed(target);
    assert.equal(changed.fingerprint, before.fingerprint);
    assert.notEqual(changed.stableFingerprint, before.stableFingerprint);
    const expected = expectedOf(before);
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
  });

  it('leaves the shadow and its traffic alone', async () => {
    const platform = withCanary(10);
    const shadow = () =>
      (
        platform.cluster.read(platform.reference)?.spec as {
          readonly predictors: readonly { readonly name: string; readonly traffic?: number }[];
        }
      ).predictors.find(({ name }) => name === 'dark');
    const before = shadow();
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    const step = { expected, fromPercent: 10, toPercent: 50, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'done');
    assert.deepEqual(shadow(), before);
    assert.equal(before?.traffic, 30);
  });

  it('tells a third predictor that has traffic, does not step beside it, and rolls back around it', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    platform.edit((predictors) => [
      ...predictors.map((one) => (one.name === 'main' ? { ...one, traffic: 70 } : one)),
      { name: 'third', traffic: 20, graph: {} },
    ]);
    platform.reconcile();
    const state = await observed(target);
    assert.match(state.foreignChange ?? '', /third has 20 %/);
    const expected = expectedOf(state);
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
    assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    platform.reconcile();
    assert.equal((await observed(target)).observedPercent, 0);
  });

  it('cannot be driven without routes whose weights can be seen', async () => {
    const platform = withCanary(10);
    platform.cluster.remove(route);
    const state = await targetOn(platform).observe();
    assert.equal(state.kind, 'undrivable');
    assert.match(state.reason, /annotations .* 50:50/);
    platform.cluster.setStatus(platform.reference, { state: 'Creating' });
    assert.equal((await targetOn(platform).observe()).kind, 'unavailable');
  });

  it('cannot be driven where the names are those of a shadow, or of nobody', async () => {
    const reasonFor = async (seldonDeployment: object) => {
      const platform = Object.assign(withCanary(10), { target: { seldonDeployment } });
      const state = await targetOn(platform).observe();
      assert.equal(state.kind, 'undrivable');
      return state.reason;
    };
    const name = 'fraud-detector';
    assert.match(await reasonFor({ name, stable: 'main', canary: 'dark' }), /dark is a shadow/);
    assert.match(
      await reasonFor({ name, stable: 'a', canary: 'b' }),
      /neither a predictor a nor b, but main/,
    );
  });

  it('takes a canary that is alone for the stable version', async () => {
    const platform = withCanary(10);
    platform.edit((predictors) =>
      predictors.filter(({ name }) => name !== 'main').map((one) => ({ ...one, traffic: 100 })),
    );
    platform.reconcile();
    const state = await observed(targetOn(platform));
    assert.deepEqual([state.canary, state.stable], [null, 'canary']);
  });

  it('goes by the Deployments of the predictor, and by the whole where it has none', async () => {
    const own = 'fraud-detector-canary-0-classifier';
    const readiness = async (status: object) => {
      const platform = withCanary(10);
      platform.cluster.setStatus(platform.reference, status);
      return (await observed(targetOn(platform))).readiness.kind;
    };
    const ready = { [own]: { replicas: 2, availableReplicas: 2 } };
    const half = { [own]: { replicas: 2, availableReplicas: 1 } };
    const neighbour = { 'fraud-detector-canary-b-0-x': { replicas: 1 } };
    assert.equal(await readiness({ state: 'Creating', deploymentStatus: ready }), 'ready');
    assert.equal(await readiness({ state: 'Available', deploymentStatus: half }), 'not-ready');
    assert.equal(await readiness({ state: 'Available', deploymentStatus: neighbour }), 'ready');
    assert.equal(await readiness({ state: 'Failed', deploymentStatus: half }), 'failed');
    assert.equal(await readiness({ state: 'Failed', deploymentStatus: ready }), 'not-ready');
    assert.equal(await readiness({}), 'not-ready');
  });

  it('counts a traffic that is left out as zero, and can set it', async () => {
    const platform = withCanary(0);
    platform.edit((predictors) =>
      predictors.map(({ traffic, ...one }) =>
        one.name === 'canary' ? one : { ...one, traffic: traffic ?? 0 },
      ),
    );
    platform.reconcile();
    const target = targetOn(platform);
    const state = await observed(target);
    assert.deepEqual([state.configuredPercent, state.observedPercent], [0, 0]);
    const step = { expected: expectedOf(state), fromPercent: 0, toPercent: 5, bringsModel: false };
    assert.deepEqual(await target.setWeight({ kind: 'set-weight', ...step }), { kind: 'done' });
  });

  it('is not confused by predictors that changed their places at the same moment', async () => {
    const platform = withCanary(10);
    const expected = expectedOf(await observed(targetOn(platform)));
    const target = targetOn(platform, {
      onPatch: () => {
        platform.edit((predictors) => [...predictors].reverse());
      },
    });
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'conflict');
  });

  it('does not roll back a newer model that was applied at the same moment', async () => {
    for (const graph of [undefined, { name: 'classifier', type: 'MODEL' }]) {
      const platform = withCanary(10);
      if (graph !== undefined) {
        platform.edit((predictors) =>
          predictors.map((one) => (one.name === 'canary' ? { ...one, graph } : one)),
        );
      }
      const expected = expectedOf(await observed(targetOn(platform)));
      const target = targetOn(platform, {
        onPatch: () => {
          platform.applyNewerModel();
        },
      });
      assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'conflict');
    }
  });

  it('says what the webhook has against a change', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    platform.cluster.admit(platform.reference, () => 'predictors are frozen');
    const result = await target.rollBack({ kind: 'roll-back', expected });
    assert.equal(result.kind, 'refused');
    assert.match(result.reason, /predictors are frozen/);
  });
});
