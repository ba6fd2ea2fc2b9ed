import assert from 'node:assert/strict';
import type { WrittenObject } from '../../../support/progressive/memory-cluster.js';
import { KnativePlatform } from '../../../support/progressive/platforms/knative-platform.js';
import { expectedOf, observed, targetOn } from '../../../support/progressive/platforms/target-on.js';
import { edited } from '../../../support/edited.js';

const v1 = 'fraud-detector-predictor-00001';
const v2 = 'fraud-detector-predictor-00002';
const v3 = 'fraud-detector-predictor-00003';
const predictor = 'status.components.predictor';

/** A service with a canary at 10 %, then with other values at some paths. */
function serviceWith(...changes: readonly (readonly [path: string, value: unknown])[]): KnativePlatform {
  const platform = new KnativePlatform();
  platform.applyCanary(10);
  platform.reconcile();
  platform.cluster.edit(platform.reference, (object) =>
    changes.reduce((one: WrittenObject, [path, value]) => edited(one, path, value), object),
  );
  return platform;
}

describe('InferenceService in Knative mode', () => {
  it('has no canary and no stable version before it was first rolled out', async () => {
    const state = await observed(
      targetOn(
        serviceWith([`${predictor}.latestRolledoutRevision`, undefined], [`${predictor}.traffic`, []]),
      ),
    );
    assert.deepEqual([state.canary, state.stable], [null, null]);
  });

  it('does not believe the share while the canary is not ready: it goes to the stable revision', async () => {
    const state = await observed(
      targetOn(
        serviceWith([`${predictor}.latestReadyRevision`, v1], [`${predictor}.traffic[0].revisionName`, v1]),
      ),
    );
    assert.deepEqual([state.configuredPercent, state.observedPercent, state.canary], [10, 0, v2]);
    assert.match(state.note ?? '', /00002 is not ready/);
  });

  const unsettled: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
    'a status from before the change': [['spec.predictor.canaryTrafficPercent', 25]],
    'a gradual shift': [
      [
        `${predictor}.traffic`,
        [
          { latestRevision: true, percent: 4, revisionName: v2 },
          { latestRevision: true, percent: 6, revisionName: v1 },
          { percent: 90, revisionName: v1, tag: 'prev' },
        ],
      ],
    ],
    'a sum that is not 100': [[`${predictor}.traffic[1].percent`, 80]],
    'a part that is for another revision': [[`${predictor}.traffic[0].revisionName`, v1]],
    'no part for the newest revision': [[`${predictor}.traffic[0].latestRevision`, false]],
    'no part that is kept for the stable revision': [[`${predictor}.traffic[1].tag`, undefined]],
    'another revision kept than was rolled out': [[`${predictor}.traffic[1].revisionName`, v3]],
    'a third part beside the two': [[`${predictor}.traffic[2]`, { percent: 5, revisionName: v3 }]],
    'no traffic at all': [[`${predictor}.traffic`, []]],
    'a route that is not ready': [['status.conditions[2].status', 'Unknown']],
  };
  for (const [what, changes] of Object.entries(unsettled)) {
    it(`does not take ${what} for the share`, async () => {
      const state = await observed(targetOn(serviceWith(...changes)));
      assert.equal(state.observedPercent, null);
      assert.notEqual(state.note, null);
    });
  }

  it('shows as stable who really has the rest: an older revision that came back is seen', async () => {
    const kept = await observed(targetOn(serviceWith([`${predictor}.traffic[1].revisionName`, v3])));
    assert.equal(kept.stable, v3);
    const recorded = await observed(
      targetOn(
        serviceWith(
          [`${predictor}.latestRolledoutRevision`, v3],
          [`${predictor}.traffic[1].revisionName`, v3],
        ),
      ),
    );
    assert.equal(recorded.stable, v3);
  });

  it('keeps the fingerprint of a model while the share changes, and not of another one', async () => {
    const at = async (...changes: readonly (readonly [string, unknown])[]) =>
      (await observed(targetOn(serviceWith(...changes)))).fingerprint;
    const usual = await at();
    assert.equal(await at(['spec.predictor.canaryTrafficPercent', 55]), usual);
    assert.equal(await at(['spec.predictor.canaryTrafficPercent', undefined]), usual);
    assert.equal(await at(['metadata.labels.team', 'other']), usual);
    for (const [path, value] of [
      ['minReplicas', 2],
      ['maxReplicas', 9],
      ['containerConcurrency', 4],
      ['labels', { team: 'other' }],
      ['nodeSelector', { disk: 'fast' }],
      ['model.resources', { limits: { memory: '4Gi' } }],
    ] as const) {
      assert.equal(await at([`spec.predictor.${path}`, value]), usual, path);
    }
    for (const [path, value] of [
      ['model.storageUri', 'gs://models/fraud/v4'],
      ['model.storage', { key: 'other', path: 'fraud' }],
      ['model.args', ['--workers=2']],
      ['model.env', [{ name: 'THRESHOLD', value: '0.4' }]],
      ['model.image', 'server:2'],
      ['model.runtime', 'kserve-mlserver'],
      ['model.runtimeVersion', '1.6'],
      ['model.protocolVersion', 'v1'],
      ['model.modelFormat', { name: 'xgboost' }],
      ['containers', [{ name: 'kserve-container', image: 'server:2' }]],
      ['initContainers', [{ name: 'fetch', image: 'fetch:2' }]],
      ['volumes', [{ name: 'labels', configMap: { name: 'labels-v2' } }]],
      ['workerSpec', { containers: [{ name: 'worker', image: 'server:2' }] }],
    ] as const) {
      assert.notEqual(await at([`spec.predictor.${path}`, value]), usual, path);
    }
  });

  it('rolls back another revision of the same model, and does not step on it: it was not judged', async () => {
    for (const [path, value] of [
      ['spec.predictor.minReplicas', 3],
      ['spec.predictor.model.resources', { limits: { memory: '4Gi' } }],
    ] as const) {
      const platform = serviceWith();
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      platform.cluster.edit(platform.reference, (object) => edited(object, path, value));
      platform.reconcile();
      const state = await observed(target);
      assert.deepEqual([state.canary, state.fingerprint], [v3, expected.fingerprint]);
      const step = { expected, fromPercent: 10 } as const;
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.deepEqual([up.kind, promoted.kind], ['conflict', 'conflict']);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      platform.reconcile();
      const after = await observed(target);
      assert.deepEqual([after.canary, after.configuredPercent, after.observedPercent], [v3, 0, 0]);
    }
  });

  it('knows the carried model by what it brings, whatever a webhook puts between', async () => {
    const carried = { args: ['--workers=2', '--log'], env: [{ name: 'MODE', value: 'fast' }] };
    const isCarried = async (model: object) => {
      const platform = Object.assign(serviceWith(), {
        target: { kserve: { name: 'fraud-detector', newModel: carried } },
      });
      platform.cluster.edit(platform.reference, (object) =>
        edited(object, 'spec.predictor.model', { modelFormat: { name: 'sklearn' }, ...carried, ...model }),
      );
      return (await observed(targetOn(platform))).isCarriedModel;
    };
    const added = { name: 'PROXY', value: 'here' };
    assert.equal(await isCarried({}), true);
    assert.equal(await isCarried({ args: ['--first', '--workers=2', '--between', '--log', '--last'] }), true);
    assert.equal(await isCarried({ env: [added, ...carried.env] }), true);
    assert.equal(await isCarried({ args: ['--log', '--workers=2'] }), false);
    assert.equal(await isCarried({ args: ['--workers=2', '--first'] }), false);
    assert.equal(await isCarried({ env: [added, { name: 'MODE', value: 'slow' }] }), false);
  });

  it('gives up a revision that does not load, and not one for what is said of another', async () => {
    const failed = ['status.modelStatus.transitionStatus', 'BlockedByFailedLoad'] as const;
    const info = (modelRevisionName?: string) =>
      [
        'status.modelStatus.lastFailureInfo',
        { reason: 'ModelLoadFailed', message: 'bad pickle', modelRevisionName },
      ] as const;
    const notReady = [`${predictor}.latestReadyRevision`, v1] as const;
    const readiness = async (...changes: readonly (readonly [string, unknown])[]) =>
      (await observed(targetOn(serviceWith(...changes)))).readiness;
    const given = { kind: 'failed', text: 'ModelLoadFailed: bad pickle' };
    assert.deepEqual(await readiness(failed, info(v2), notReady), given);
    assert.deepEqual(await readiness(failed, info(v2)), given);
    // KServe sets it at the first container that exits: a restart may cure that.
    assert.deepEqual(await readiness(failed, info(), notReady), { ...given, kind: 'not-ready' });
    assert.equal((await readiness(failed, info())).kind, 'not-ready');
    assert.equal((await readiness(failed, info(v1))).kind, 'ready');
    assert.equal((await readiness(failed, info(v1), notReady)).kind, 'not-ready');
    const invalid = await readiness(['status.modelStatus.transitionStatus', 'InvalidSpec'], notReady);
    assert.deepEqual(invalid, { kind: 'failed', text: 'InvalidSpec' });
    // Where no pod was looked at it stays in progress for ever.
    assert.equal((await readiness(['status.modelStatus.transitionStatus', 'InProgress'])).kind, 'ready');
  });

  const undrivable: Readonly<Record<string, readonly [path: string, value: unknown, reason: RegExp]>> = {
    'is stopped': ['metadata.annotations', { 'serving.kserve.io/stop': 'true' }, /stop/],
    'is not updated': [
      'metadata.annotations',
      { 'serving.kserve.io/disable-auto-update': 'true' },
      /disable-auto-update/,
    ],
    'has a canary of its transformer too': [
      'spec.transformer',
      { canaryTrafficPercent: 10 },
      /spec\.transformer\.canaryTrafficPercent/,
    ],
    'runs in ModelMesh mode': ['status.deploymentMode', 'ModelMesh', /ModelMesh/],
  };
  for (const [what, [path, value, reason]] of Object.entries(undrivable)) {
    it(`cannot be driven where it ${what}, and can be rolled back all the same`, async () => {
      const platform = new KnativePlatform();
      platform.applyCanary(10);
      platform.reconcile();
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      platform.cluster.edit(platform.reference, (object) => edited(object, path, value));
      const state = await target.observe();
      assert.equal(state.kind, 'undrivable');
      assert.match(state.reason, reason);
      const step = { expected, fromPercent: 10 };
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.deepEqual([up.kind, promoted.kind], ['refused', 'refused']);
      assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
    });
  }

  it('waits for KServe to say the mode, and goes by the annotation till then', async () => {
    const annotated = await targetOn(serviceWith(['status.deploymentMode', undefined])).observe();
    assert.equal(annotated.kind, 'observed');
    const silent = serviceWith(['status.deploymentMode', undefined], ['metadata.annotations', {}]);
    assert.equal((await targetOn(silent).observe()).kind, 'unavailable');
  });

  it('gives a stable service no share at the very moment that the canary was promoted by somebody else', async () => {
    const platform = serviceWith();
    const expected = expectedOf(await observed(targetOn(platform)));
    const target = targetOn(platform, {
      onPatch: () => {
        // Only the status: the spec is the same as when it was read.
        platform.cluster.edit(platform.reference, (object) =>
          edited(object, `${predictor}.latestRolledoutRevision`, v2),
        );
      },
    });
    const step = { expected, fromPercent: 10, toPercent: 25, bringsModel: false };
    assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
  });

  it('does not promote what is not ready: another revision would get everything', async () => {
    const platform = serviceWith([`${predictor}.latestReadyRevision`, v1]);
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    assert.equal((await target.promote({ kind: 'promote', expected, fromPercent: 10 })).kind, 'conflict');
  });

  it('takes back a canary that was promoted just now, and never an older model than the stable one', async () => {
    const platform = serviceWith();
    const target = targetOn(platform);
    const expected = expectedOf(await observed(target));
    await target.promote({ kind: 'promote', expected, fromPercent: 10 });
    platform.reconcile();
    const other = { ...expected, stable: v3 };
    assert.equal((await target.rollBack({ kind: 'roll-back', expected: other })).kind, 'conflict');
    assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
  });

  it('writes whole percentages from 0 to 100', async () => {
    const target = targetOn(serviceWith());
    const expected = expectedOf(await observed(target));
    const step = { expected, fromPercent: 10, toPercent: 12.4, bringsModel: false };
    assert.deepEqual(await target.setWeight({ kind: 'set-weight', ...step }), { kind: 'done' });
    assert.equal((await observed(target)).configuredPercent, 12);
  });

  it('takes a share that is none for none, says so, and rolls it back', async () => {
    for (const share of [150, -5, '25', 12.5]) {
      const target = targetOn(serviceWith(['spec.predictor.canaryTrafficPercent', share]));
      const state = await observed(target);
      assert.equal(state.configuredPercent, null);
      assert.notEqual(state.foreignChange, null);
      const expected = expectedOf(state);
      const step = { expected, fromPercent: null, toPercent: 5, bringsModel: false };
      assert.equal((await target.setWeight({ kind: 'set-weight', ...step })).kind, 'conflict');
      assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, 'done');
      assert.equal((await observed(target)).configuredPercent, 0);
    }
  });

  it('guards a model without a storage address by all that says what it is', async () => {
    for (const [path, value, guarded] of [
      ['spec.predictor.model', { modelFormat: { name: 'sklearn' } }, '/spec/predictor/model'],
      ['spec.predictor', { sklearn: { storageUri: 'gs://m/1' } }, '/spec/predictor/sklearn/storageUri'],
      ['spec.predictor', { containers: [{ image: 'm:1' }] }, '/spec/predictor/containers'],
    ] as const) {
      const platform = serviceWith([path, value]);
      const target = targetOn(platform);
      const expected = expectedOf(await observed(target));
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      const body = platform.cluster.changes[0]?.body as readonly { readonly path: string }[];
      assert.equal(body[1]?.path, guarded);
    }
  });

  it('brings no model that is there already, and none where there is no place for it', async () => {
    const bring = async (path: string, value: unknown) => {
      const platform = new KnativePlatform();
      platform.cluster.edit(platform.reference, (object) => edited(object, path, value));
      const target = targetOn(platform);
      const { uid, stable } = await observed(target);
      const expected = { uid, stable, fingerprint: null };
      const step = { expected, fromPercent: null, toPercent: 5, bringsModel: true };
      return (await target.setWeight({ kind: 'set-weight', ...step })).kind;
    };
    assert.equal(await bring('spec.predictor.model.storageUri', 'gs://models/fraud/v2'), 'refused');
    assert.equal(await bring('spec.predictor', { sklearn: { storageUri: 'gs://m/1' } }), 'refused');
  });
});
