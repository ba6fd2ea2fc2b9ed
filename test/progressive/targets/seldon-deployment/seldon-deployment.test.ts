import assert from 'node:assert/strict';
import type { WrittenObject } from '../../../support/progressive/memory-cluster.js';
import { edited } from '../../../support/edited.js';
import {
  mappings,
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
    const empty = { [own]: { replicas: 0, availableReplicas: 0 } };
    assert.equal(await readiness({ state: 'Creating', deploymentStatus: empty }), 'not-ready');
    assert.equal(await readiness({}), 'not-ready');
  });

  it('does not take the Deployments of a predictor for those of one whose name its own begins with', async () => {
    const platform = withCanary(10);
    platform.edit((predictors) => [...predictors, { name: 'canary-2', traffic: 0, graph: {} }]);
    platform.cluster.setStatus(platform.reference, {
      state: 'Creating',
      deploymentStatus: {
        'fraud-detector-canary-0-classifier': { replicas: 1, availableReplicas: 1 },
        'fraud-detector-canary-2-0-classifier': { replicas: 1 },
      },
    });
    assert.deepEqual((await observed(targetOn(platform))).readiness, { kind: 'ready' });
  });

  it('gives up a canary only where Kubernetes did, and where it is the canary that has nothing', async () => {
    const own = 'fraud-detector-canary-0-classifier';
    const dark = { 'fraud-detector-dark-0-classifier': { replicas: 1 } };
    const readiness = async (description: string | undefined, deploymentStatus: object) => {
      const platform = withCanary(10);
      platform.cluster.setStatus(platform.reference, { state: 'Failed', description, deploymentStatus });
      return (await observed(targetOn(platform))).readiness;
    };
    const given = 'Deployment is no longer progressing and not available.';
    const none = { [own]: { replicas: 2 } };
    const half = { [own]: { replicas: 2, availableReplicas: 1 } };
    const all = { [own]: { replicas: 2, availableReplicas: 2 } };
    assert.deepEqual(await readiness(given, none), {
      kind: 'failed',
      text: `${own} has 0 of 2 replicas: ${given}`,
    });
    assert.equal((await readiness(given, half)).kind, 'not-ready');
    assert.equal(
      (await readiness(given, { ...half, 'fraud-detector-canary-1-x': { replicas: 1 } })).kind,
      'not-ready',
    );
    // It may be said of the other one.
    assert.equal((await readiness(given, { ...none, ...dark })).kind, 'not-ready');
    assert.equal((await readiness(given, {})).kind, 'not-ready');
    assert.deepEqual(await readiness(given, { ...all, ...dark }), { kind: 'ready' });
    // A pass that went wrong stands there until the next one.
    for (const description of ['etcdserver: request timed out', undefined]) {
      for (const status of [none, half, all, {}]) {
        assert.equal((await readiness(description, status)).kind, 'not-ready');
      }
    }
  });

  it('says at once why zero is not followed while the canary is not ready, and what people can do', async () => {
    for (const ingress of ['istio', 'ambassador'] as const) {
      const platform = withCanary(50, ingress);
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      platform.canBeReady = false;
      platform.reconcile();
      // What it was asked for it has: nothing is in the way of anything yet.
      const crashed = await observed(target);
      assert.deepEqual([crashed.observedPercent, crashed.note, crashed.stuck], [50, null, null]);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      platform.reconcile();
      const state = await observed(target);
      assert.deepEqual([state.configuredPercent, state.observedPercent], [0, 50]);
      assert.equal(
        state.stuck,
        'Seldon routes anew only once every Deployment is ready: take the canary predictor out, stable at 100, in one change (fraud-detector-canary-0-classifier has 0 of 1 replicas)',
      );
      assert.equal(state.note, state.stuck);
      // What the guide says.
      platform.edit((predictors) =>
        predictors
          .filter(({ name }) => name !== 'canary')
          .map((one) => (one.name === 'main' ? { ...one, traffic: 100 } : one)),
      );
      platform.reconcile();
      const after = await observed(target);
      assert.deepEqual([after.canary, after.stable, after.note], [null, 'main', null]);
    }
  });

  it('says which other predictor keeps the routes as they are', async () => {
    const platform = withCanary(50);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    platform.down.add('dark');
    const step = { expected, fromPercent: 50, toPercent: 60, bringsModel: false };
    assert.deepEqual(await target.setWeight({ kind: 'set-weight', ...step }), { kind: 'done' });
    platform.reconcile();
    const up = await observed(target);
    assert.deepEqual([up.configuredPercent, up.observedPercent, up.stuck], [60, 50, null]);
    assert.match(
      up.note ?? '',
      /only once every Deployment is ready: fraud-detector-dark-0-classifier has 0 of 1/,
    );
    assert.deepEqual(up.readiness, { kind: 'ready' });
    await target.rollBack({ kind: 'roll-back', expected });
    platform.canBeReady = false;
    platform.reconcile();
    const zero = await observed(target);
    assert.match(zero.stuck ?? '', /fraud-detector-dark-0-classifier .* has to get ready or to be taken out/);
    platform.down.clear();
    platform.canBeReady = true;
    platform.reconcile();
    const followed = await observed(target);
    assert.deepEqual([followed.observedPercent, followed.note, followed.stuck], [0, null, null]);
  });

  it('says what the operator fails at while it does not route, which its next pass may cure', async () => {
    const platform = withCanary(50);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    await target.rollBack({ kind: 'roll-back', expected });
    assert.match((await observed(target)).note ?? '', /the routes give canary 50 %/);
    platform.cluster.setStatus(platform.reference, { state: 'Creating', description: 'over by now' });
    assert.match((await observed(target)).note ?? '', /the routes give canary 50 %/);
    platform.failure = 'quota exceeded';
    platform.reconcile();
    const { note, stuck, readiness } = await observed(target);
    assert.deepEqual([note, stuck], ["Seldon's operator says: quota exceeded", null]);
    assert.deepEqual(readiness, { kind: 'not-ready', text: 'quota exceeded' });
  });

  it('sees no traffic for a canary that came after the routes were written, and rolls it back', async () => {
    for (const ingress of ['istio', 'ambassador'] as const) {
      const platform = new SeldonDeploymentPlatform(ingress);
      platform.canBeReady = false;
      platform.applyCanary(10);
      platform.reconcile();
      const target = targetOn(platform);
      const state = await observed(target);
      assert.deepEqual([state.configuredPercent, state.observedPercent], [10, 0]);
      assert.match(
        state.note ?? '',
        /only once every Deployment is ready: fraud-detector-canary-0-classifier/,
      );
      assert.equal(state.readiness.kind, 'failed');
      const expected = expectedOf(state);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      platform.reconcile();
      const after = await observed(target);
      assert.deepEqual([after.configuredPercent, after.observedPercent, after.stuck], [0, 0, null]);
    }
    const empty = withCanary(10);
    empty.cluster.edit(route, (object) => edited(object, 'spec.http', []));
    assert.equal((await observed(targetOn(empty))).observedPercent, null);
  });

  it('reads Mappings by their weights: who has none gets what is left, wherever it is listed', async () => {
    const platform = withCanary(10, 'ambassador');
    platform.edit((predictors) => [...predictors].reverse());
    // The Mappings are those from before: the canary is listed first and has its weight.
    assert.equal((await observed(targetOn(platform))).observedPercent, 10);
    const stale = { ...mappings, namespace: 'ml', name: 'seldon-ml-fraud-detector-canary-rest' };
    for (const name of [stale.name, 'seldon-ml-fraud-detector-canary-grpc']) {
      platform.cluster.edit({ ...stale, name }, (object) => ({ ...object, spec: {} }));
    }
    // Halfway from the one to the other both have none.
    assert.equal((await observed(targetOn(platform))).observedPercent, 50);
    platform.reconcile();
    const weightOf = (name: string) => {
      const mapped = { ...mappings, namespace: 'ml', name: `seldon-ml-fraud-detector-${name}-rest` };
      return platform.cluster.read(mapped)?.spec;
    };
    assert.deepEqual([weightOf('canary'), weightOf('main')], [{}, { weight: 90 }]);
    const target = targetOn(platform);
    const state = await observed(target);
    assert.deepEqual([state.configuredPercent, state.observedPercent], [10, 10]);
    const expected = expectedOf(state);
    assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    platform.reconcile();
    assert.equal((await observed(target)).observedPercent, 0);
  });

  it('goes by the Mappings that are there: one protocol will do', async () => {
    const without = (...protocols: readonly string[]) => {
      const platform = withCanary(10, 'ambassador');
      for (const name of ['main', 'canary']) {
        for (const protocol of protocols) {
          const mapped = `seldon-ml-fraud-detector-${name}-${protocol}`;
          platform.cluster.remove({ ...mappings, namespace: 'ml', name: mapped });
        }
      }
      return targetOn(platform);
    };
    assert.equal((await observed(without('grpc'))).observedPercent, 10);
    assert.equal((await observed(without('rest'))).observedPercent, 10);
    assert.equal((await without('rest', 'grpc').observe()).kind, 'undrivable');
  });

  it('rolls back beside a third predictor whose traffic is no share: what is written has to make 100', async () => {
    for (const [third, main, wanted] of [
      [-50, 140, 150],
      [150, -60, undefined],
    ] as const) {
      const platform = withCanary(10);
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      platform.edit((predictors) => [
        ...predictors.map((one) => (one.name === 'main' ? { ...one, traffic: main } : one)),
        { name: 'third', traffic: third, graph: {} },
      ]);
      const result = await target.rollBack({ kind: 'roll-back', expected });
      // Less than nothing is given to nobody: then the webhook refuses it.
      assert.equal(result.kind, wanted === undefined ? 'refused' : 'done');
      const { predictors } = platform.cluster.read(platform.reference)?.spec as {
        readonly predictors: readonly { readonly name: string; readonly traffic?: number }[];
      };
      const traffic = (name: string) => predictors.find((one) => one.name === name)?.traffic;
      if (wanted !== undefined) assert.deepEqual([traffic('main'), traffic('canary')], [wanted, 0]);
    }
  });

  it('says that the stable predictor is a shadow by now, and goes back to nobody', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    platform.cluster.edit(platform.reference, (object): WrittenObject =>
      edited(object, 'spec.predictors[0].shadow', true),
    );
    const state = await target.observe();
    assert.equal(state.kind, 'undrivable');
    assert.match(state.reason, /main is a shadow/);
    const result = await target.rollBack({ kind: 'roll-back', expected });
    assert.equal(result.kind, 'refused');
    assert.match(result.reason, /main is a shadow by now/);
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
