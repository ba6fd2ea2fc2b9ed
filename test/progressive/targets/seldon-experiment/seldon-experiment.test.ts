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

  const moved: Readonly<Record<string, (platform: SeldonExperimentPlatform) => void>> = {
    'was taken away': (platform) => {
      platform.edit(({ candidates, mirror }) => ({
        candidates,
        ...(mirror === undefined ? {} : { mirror }),
      }));
    },
    'is another candidate without weight': (platform) => {
      platform.edit((spec) => ({
        ...spec,
        default: 'fraud-v3',
        candidates: [...spec.candidates, { name: 'fraud-v3', weight: 0 }],
      }));
    },
    'is the canary': (platform) => {
      platform.edit((spec) => ({ ...spec, default: 'fraud-v2' }));
    },
    'is none of them': (platform) => {
      platform.edit((spec) => ({ ...spec, default: 'fraud-v0' }));
    },
  };
  for (const [what, edit] of Object.entries(moved)) {
    it(`goes back to the stable candidate of the rollout where the default ${what}, and no step further`, async () => {
      const platform = withCanary(10);
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      edit(platform);
      platform.reconcile();
      const state = await observed(target);
      assert.deepEqual(
        [state.canary, state.stable, state.configuredPercent, state.observedPercent],
        ['fraud-v2', 'fraud-v1', 10, 10],
      );
      assert.match(state.foreignChange ?? '', /spec\.default is .* fraud-v1 has a weight of 90/);
      const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
      assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      platform.reconcile();
      const after = await observed(target);
      assert.deepEqual(
        [after.canary, after.stable, after.configuredPercent, after.observedPercent],
        ['fraud-v2', 'fraud-v1', 0, 0],
      );
      const { candidates } = platform.cluster.read(platform.reference)?.spec as {
        readonly candidates: readonly { readonly name: string; readonly weight: number }[];
      };
      assert.deepEqual(
        candidates.map(({ weight }) => weight),
        candidates.length === 3 ? [100, 0, 0] : [100, 0],
      );
    });
  }

  it('goes back to the stable candidate of the rollout also where the default has weight by now', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    platform.edit((spec) => ({
      ...spec,
      default: 'fraud-v3',
      candidates: [...spec.candidates, { name: 'fraud-v3', weight: 20 }],
    }));
    assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    const { configuredPercent, observedPercent } = await observed(target);
    assert.deepEqual([configuredPercent, observedPercent], [0, 0]);
    const { candidates } = platform.cluster.read(platform.reference)?.spec as {
      readonly candidates: unknown;
    };
    assert.deepEqual(candidates, [
      { name: 'fraud-v1', weight: 100 },
      { name: 'fraud-v2', weight: 0 },
      { name: 'fraud-v3', weight: 20 },
    ]);
  });

  it('has nothing without weight, whoever has the traffic', async () => {
    const platform = withCanary(10);
    platform.edit(({ candidates }) => ({
      candidates: [...candidates.map((one) => ({ ...one, weight: 0 })), { name: 'fraud-v3', weight: 1 }],
    }));
    platform.edit((spec) => ({ ...spec, candidates: [...spec.candidates, { name: 'fraud-v4', weight: 1 }] }));
    const state = await observed(targetOn(platform));
    assert.deepEqual([state.configuredPercent, state.observedPercent, state.stable], [0, 0, null]);
    assert.notEqual(state.foreignChange, null);
  });

  it('takes the stable candidate that is named, whatever the default is', async () => {
    const platform = Object.assign(withCanary(10), {
      target: { seldonExperiment: { name: 'fraud', stable: 'fraud-v1', canary: 'fraud-v2' } },
    });
    platform.edit((spec) => ({ ...spec, default: 'fraud-v2' }));
    const state = await observed(targetOn(platform));
    assert.deepEqual([state.stable, state.configuredPercent, state.foreignChange], ['fraud-v1', 10, null]);
  });

  it('knows no share of a canary that is not ready but none at all', async () => {
    const platform = withCanary(10);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    platform.canBeReady = false;
    platform.reconcile();
    const before = await observed(target);
    assert.deepEqual([before.configuredPercent, before.observedPercent], [10, null]);
    assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    platform.reconcile();
    const after = await observed(target);
    assert.equal(after.readiness.kind, 'not-ready');
    assert.deepEqual([after.configuredPercent, after.observedPercent], [0, 0]);
  });

  it('is ready when the candidates are and are routed, whatever becomes of the mirror', async () => {
    const readiness = async (...statuses: readonly (readonly [type: string, status: string])[]) => {
      const platform = withCanary(10);
      const conditions = new Map([['CandidatesReady', 'True'], ['ExperimentReady', 'True'], ...statuses]);
      platform.cluster.setStatus(platform.reference, {
        conditions: [...conditions].map(([type, status]) => ({ type, status, message: `about ${type}` })),
      });
      return (await observed(targetOn(platform))).readiness;
    };
    assert.deepEqual(await readiness(), { kind: 'ready' });
    assert.deepEqual(await readiness(['MirrorReady', 'False'], ['Ready', 'False']), { kind: 'ready' });
    for (const type of ['CandidatesReady', 'ExperimentReady']) {
      for (const status of ['False', 'Unknown']) {
        const text = `${type} is ${status}: about ${type}`;
        assert.deepEqual(await readiness([type, status]), { kind: 'not-ready', text });
      }
    }
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
