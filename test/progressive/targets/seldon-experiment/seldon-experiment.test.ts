import assert from 'node:assert/strict';
import {
  isOlder,
  versionOfImage,
} from '../../../../src/progressive/targets/seldon-experiment/seldon-version.js';
import {
  scheduler,
  SeldonExperimentPlatform,
} from '../../../support/progressive/platforms/seldon-experiment-platform.js';
import { expectedOf, observed, targetOn } from '../../../support/progressive/platforms/target-on.js';

function withCanary(percent = 10, version?: string): SeldonExperimentPlatform {
  const platform = new SeldonExperimentPlatform(version);
  platform.applyCanary(percent);
  platform.reconcile();
  return platform;
}

describe('Experiment of Seldon Core v2', () => {
  it('says that the route cannot be seen', async () => {
    const { note } = await observed(targetOn(withCanary()));
    assert.match(note ?? '', /the route itself cannot be seen/);
  });

  it('reads weights in proportion, and writes percentages', async () => {
    const platform = withCanary();
    platform.edit((spec) => ({
      ...spec,
      candidates: [
        { name: 'fraud-v1', weight: 3 },
        { name: 'fraud-v2', weight: 1 },
      ],
    }));
    const target = targetOn(platform);
    const state = await observed(target);
    assert.equal(state.configuredPercent, 25);
    const step = { expected: expectedOf(state), fromPercent: 25, toPercent: 50, bringsModel: false };
    assert.deepEqual(await target.setWeight({ kind: 'set-weight', ...step }), { kind: 'done' });
    const spec = platform.cluster.read(platform.reference)?.spec as { readonly candidates: unknown };
    assert.deepEqual(spec.candidates, [
      { name: 'fraud-v1', weight: 50 },
      { name: 'fraud-v2', weight: 50 },
    ]);
  });

  it('cannot be driven by a version that keeps the old weights of an edited one, but rolled back', async () => {
    for (const version of ['2.8.3', '2.6.0', '1.19.0']) {
      const platform = withCanary(10);
      const expected = expectedOf(await observed(targetOn(platform)));
      platform.installVersion(version);
      const target = targetOn(platform);
      const state = await target.observe();
      assert.equal(state.kind, 'undrivable');
      assert.match(state.reason, new RegExp(`${version}.* 2\\.8\\.4 or newer`));
      const step = { expected, fromPercent: 10 };
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.deepEqual([up.kind, promoted.kind], ['refused', 'refused']);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    }
  });

  it('drives a version that cannot be read, and says so', async () => {
    const platform = withCanary(10, 'latest');
    for (const isThere of [true, false]) {
      if (!isThere) platform.cluster.remove(scheduler);
      const target = targetOn(platform);
      const state = await observed(target);
      assert.match(state.note ?? '', /version of Seldon Core could not be read/);
    }
  });

  it('asks for the version once', async () => {
    const platform = withCanary();
    const target = targetOn(platform);
    for (let reading = 0; reading < 3; reading++) await observed(target);
    const asked = platform.cluster.requests.filter(
      ({ path, answer }) => path.includes('seldon-scheduler') && answer === 'ok',
    );
    assert.equal(asked.length, 1);
  });

  it('tells a third candidate that has weight, and leaves the mirror alone', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    platform.edit((spec) => ({
      ...spec,
      candidates: [...spec.candidates, { name: 'fraud-v3', weight: 7 }],
    }));
    const state = await observed(target);
    assert.match(state.foreignChange ?? '', /fraud-v3 has a weight of 7/);
    const expected = expectedOf(state);
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
    const spec = platform.cluster.read(platform.reference)?.spec as { readonly mirror: unknown };
    assert.deepEqual(spec.mirror, { name: 'fraud-dark', percent: 20 });
  });

  it('cannot be driven without either candidate, and knows no share where none has weight', async () => {
    const platform = withCanary(10);
    platform.edit((spec) => ({
      ...spec,
      candidates: spec.candidates.map((one) => ({ ...one, weight: 0 })),
    }));
    assert.equal((await observed(targetOn(platform))).configuredPercent, null);
    platform.edit((spec) => ({ ...spec, candidates: [{ name: 'other', weight: 1 }] }));
    assert.equal((await targetOn(platform).observe()).kind, 'undrivable');
  });

  it('does not take more replicas for another model', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const before = await observed(target);
    const model = { ...platform.reference, plural: 'models', name: 'fraud-v2' };
    platform.cluster.edit(model, (object) => ({
      ...object,
      spec: { ...(object.spec as object), replicas: 5 },
    }));
    assert.equal((await observed(target)).fingerprint, before.fingerprint);
  });
});

describe('Version of Seldon Core', () => {
  it('is read from the tag of an image', () => {
    for (const [image, version] of [
      ['docker.io/seldonio/seldon-scheduler:2.10.2', '2.10.2'],
      ['registry.example.com:5000/seldon/scheduler:v2.8.4-rc1', '2.8.4'],
      ['seldon-scheduler:2.9.0@sha256:0123abcd', '2.9.0'],
      ['seldon-scheduler:latest', undefined],
      ['registry.example.com:5000/scheduler', undefined],
      ['seldon-scheduler@sha256:0123', undefined],
    ] as const) {
      assert.equal(versionOfImage(image), version, image);
    }
  });

  it('is compared number by number', () => {
    assert.equal(isOlder('2.8.3', '2.8.4'), true);
    assert.equal(isOlder('2.10.0', '2.8.4'), false);
    assert.equal(isOlder('1.99.99', '2.8.4'), true);
    assert.equal(isOlder('2.8.4', '2.8.4'), false);
  });
});
