import assert from 'node:assert/strict';
import type { ApiFailure } from '../../../src/progressive/cluster/cluster-api.js';
import { platforms } from '../../support/progressive/platforms/index.js';
import type { Platform } from '../../support/progressive/platforms/platform.js';
import { expectedOf, observed, targetOn } from '../../support/progressive/platforms/target-on.js';

/** A canary with its first share, seen by the target. */
async function withCanary(create: () => Platform, percent = 10) {
  const platform = create();
  platform.applyCanary(percent);
  platform.reconcile();
  const target = targetOn(platform);
  const expected = expectedOf(await observed(target));
  return { platform, target, expected };
}

const failures: readonly { readonly failure: ApiFailure; readonly result: string }[] = [
  { failure: { kind: 'conflict', reason: 'the object has been modified' }, result: 'conflict' },
  { failure: { kind: 'forbidden', reason: 'patch is forbidden' }, result: 'refused' },
  { failure: { kind: 'invalid', reason: 'spec is invalid: unknown field' }, result: 'refused' },
  { failure: { kind: 'not-found', reason: 'not found' }, result: 'gone' },
  { failure: { kind: 'unavailable', reason: 'connection refused' }, result: 'unavailable' },
];

for (const { name, create } of platforms) {
  describe(`Target ${name}`, () => {
    it('sees no canary on a stable service, and gives it no share', async () => {
      const platform = create();
      const target = targetOn(platform);
      const state = await observed(target);
      assert.deepEqual(
        [state.canary, state.stable, state.configuredPercent, state.observedPercent],
        [null, platform.stable, null, null],
      );
      const action = { kind: 'set-weight', expected: expectedOf(state), bringsModel: false } as const;
      const result = await target.setWeight({ ...action, fromPercent: null, toPercent: 5 });
      assert.equal(result.kind, 'conflict');
      assert.deepEqual(platform.cluster.changes, []);
    });

    it('sees a canary with the share that it has', async () => {
      const { platform, target } = await withCanary(create, 10);
      const state = await observed(target);
      assert.deepEqual(
        [state.canary, state.stable, state.configuredPercent, state.observedPercent],
        [platform.canary, platform.stable, 10, 10],
      );
      assert.deepEqual(state.readiness, { kind: 'ready' });
      assert.equal(state.foreignChange, null);
    });

    it('moves the share up, and the traffic is seen to follow', async () => {
      const { platform, target, expected } = await withCanary(create, 5);
      for (const [fromPercent, toPercent] of [
        [5, 10],
        [10, 25],
        [25, 50],
      ] as const) {
        const action = { kind: 'set-weight', expected, bringsModel: false, fromPercent, toPercent } as const;
        assert.deepEqual(await target.setWeight(action), { kind: 'done' });
        const asked = await observed(target);
        assert.equal(asked.configuredPercent, toPercent);
        assert.equal(asked.fingerprint, expected.fingerprint);
        platform.reconcile();
        assert.equal((await observed(target)).observedPercent, toPercent);
      }
      assert.equal(platform.cluster.changes.length, 3);
    });

    it('promotes in one change, after which the canary has everything', async () => {
      const { platform, target, expected } = await withCanary(create, 50);
      assert.deepEqual(await target.promote({ kind: 'promote', expected, fromPercent: 50 }), {
        kind: 'done',
      });
      platform.reconcile();
      const state = await observed(target);
      assert.equal(state.configuredPercent, platform.promotedPercent);
      const hasEverything = state.stable === platform.canary || state.observedPercent === 100;
      assert.ok(hasEverything, JSON.stringify(state));
      assert.equal(platform.cluster.changes.length, 1);
    });

    it('rolls back to zero in one change, whatever the share is', async () => {
      const { platform, target, expected } = await withCanary(create, 50);
      platform.setPercent(70);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      platform.reconcile();
      const state = await observed(target);
      assert.deepEqual([state.configuredPercent, state.observedPercent], [0, 0]);
      assert.equal(state.stable, platform.stable);
      assert.equal(platform.cluster.changes.length, 1);
      // The same again does no harm.
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
    });

    it('rolls back over a step of the same moment', async () => {
      const { platform, expected } = await withCanary(create, 10);
      const target = targetOn(platform, {
        onPatch: () => {
          platform.setPercent(25);
        },
      });
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      assert.equal((await observed(targetOn(platform))).configuredPercent, 0);
    });

    it('gives way to a step of the same moment', async () => {
      const { platform, expected } = await withCanary(create, 10);
      const target = targetOn(platform, {
        onPatch: () => {
          platform.setPercent(30);
        },
      });
      const step = { expected, fromPercent: 10 } as const;
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      assert.equal(up.kind, 'conflict');
      platform.setPercent(10);
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.equal(promoted.kind, 'conflict');
      assert.equal((await observed(targetOn(platform))).configuredPercent, 30);
    });

    it('leaves another share than the expected one alone', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const step = { expected, fromPercent: 5 } as const;
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.deepEqual([up.kind, promoted.kind], ['conflict', 'conflict']);
      assert.deepEqual(platform.cluster.changes, []);
    });

    it('sees a newer model, and does nothing to it', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      platform.applyNewerModel();
      assert.notEqual((await observed(target)).fingerprint, expected.fingerprint);
      const step = { expected, fromPercent: 10 } as const;
      const results = [
        await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false }),
        await target.promote({ kind: 'promote', ...step }),
        await target.rollBack({ kind: 'roll-back', expected }),
      ];
      assert.deepEqual(
        results.map(({ kind }) => kind),
        ['conflict', 'conflict', 'conflict'],
      );
      assert.deepEqual(platform.cluster.changes, []);
    });

    it('does nothing beside another stable version than the expected one', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const step = { expected: { ...expected, stable: 'another' }, fromPercent: 10 } as const;
      const up = await target.setWeight({ kind: 'set-weight', ...step, toPercent: 25, bringsModel: false });
      const promoted = await target.promote({ kind: 'promote', ...step });
      assert.deepEqual([up.kind, promoted.kind], ['conflict', 'conflict']);
      assert.deepEqual(platform.cluster.changes, []);
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected: step.expected }), {
        kind: 'done',
      });
    });

    it('knows another resource of the same name', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const other = { ...expected, uid: 'another' };
      const result = await target.rollBack({ kind: 'roll-back', expected: other });
      assert.equal(result.kind, 'conflict');
      const { metadata, ...rest } = platform.cluster.read(platform.reference) ?? assert.fail();
      const replaced = targetOn(platform, {
        onPatch: () => {
          platform.cluster.remove(platform.reference);
          platform.cluster.put(platform.reference, { ...rest, metadata: { ...metadata, uid: 'another' } });
        },
      });
      assert.equal((await replaced.rollBack({ kind: 'roll-back', expected })).kind, 'conflict');
      assert.notEqual((await observed(target)).configuredPercent, 0);
    });

    it('tells a canary that cannot serve from one that can', async () => {
      const platform = create();
      platform.canBeReady = false;
      platform.applyCanary(10);
      platform.reconcile();
      const target = targetOn(platform);
      const { readiness } = await observed(target);
      assert.notEqual(readiness.kind, 'ready');
      assert.ok(readiness.kind === 'ready' || readiness.text.length > 0);
      platform.canBeReady = true;
      platform.reconcile();
      assert.deepEqual((await observed(target)).readiness, { kind: 'ready' });
    });

    it('says what a failure of the API server means', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const plural = platform.reference.plural;
      for (const { failure, result } of failures) {
        platform.cluster.fail({ failure, verb: 'patch' });
        assert.equal((await target.rollBack({ kind: 'roll-back', expected })).kind, result);
        platform.cluster.fail({ failure, verb: 'get', plural });
        const state = await target.observe();
        assert.equal(state.kind, failure.kind === 'not-found' ? 'gone' : 'unavailable');
      }
      assert.equal((await observed(target)).configuredPercent, 10);
    });

    it('does not know whether a change was made whose answer was lost', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const failure = { kind: 'unavailable', reason: 'timed out' } as const;
      platform.cluster.fail({ failure, verb: 'patch', afterApplying: true });
      const result = await target.rollBack({ kind: 'roll-back', expected });
      assert.equal(result.kind, 'unavailable');
      assert.equal((await observed(target)).configuredPercent, 0);
    });

    it('only has a change checked in a dry run, and tells it', async () => {
      const { platform, expected } = await withCanary(create, 10);
      const before = platform.cluster.read(platform.reference);
      let told = 0;
      const target = targetOn(platform, {
        dryRun: true,
        onPatch: ({ operations }) => {
          told += operations.length;
        },
      });
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'done' });
      assert.deepEqual(platform.cluster.read(platform.reference), before);
      assert.ok(told > 1);
      assert.match(platform.cluster.changes.at(-1)?.path ?? '', /\?dryRun=All$/);
    });

    it('cannot drive what is being deleted, and sees when it is gone', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      platform.cluster.edit(platform.reference, (object) => ({
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: '2026-01-05T10:00:00Z' },
      }));
      assert.equal((await target.observe()).kind, 'undrivable');
      platform.cluster.remove(platform.reference);
      assert.deepEqual(await target.observe(), { kind: 'gone' });
      assert.deepEqual(await target.rollBack({ kind: 'roll-back', expected }), { kind: 'gone' });
    });

    it('brings the carried model together with its first share, in one change', async () => {
      const platform = create();
      const target = targetOn(platform);
      const { uid, stable, isCarriedModel } = await observed(target);
      assert.equal(isCarriedModel, !platform.carries);
      const expected = { uid, fingerprint: null, stable };
      const action = { kind: 'set-weight', expected, bringsModel: true, toPercent: 5 } as const;
      const result = await target.setWeight({ ...action, fromPercent: null });
      if (!platform.carries) {
        assert.equal(result.kind, 'refused');
        assert.deepEqual(platform.cluster.changes, []);
        return;
      }
      assert.deepEqual(result, { kind: 'done' });
      assert.equal(platform.cluster.changes.length, 1);
      platform.reconcile();
      const state = await observed(target);
      assert.deepEqual(
        [state.canary, state.stable, state.configuredPercent, state.observedPercent],
        [platform.canary, platform.stable, 5, 5],
      );
      assert.equal(state.isCarriedModel, true);
      // The same once more finds the model there.
      const again = await target.setWeight({ ...action, fromPercent: null });
      assert.equal(again.kind, 'conflict');
    });

    it('does not bring a model into a service that changed at the same moment', async () => {
      const platform = create();
      if (!platform.carries) return;
      const { uid, stable } = await observed(targetOn(platform));
      const target = targetOn(platform, {
        onPatch: () => {
          platform.applyCanary(40);
        },
      });
      const expected = { uid, fingerprint: null, stable };
      const action = { kind: 'set-weight', expected, bringsModel: true, toPercent: 5 } as const;
      assert.equal((await target.setWeight({ ...action, fromPercent: null })).kind, 'conflict');
    });

    it('never writes metadata', async () => {
      const { platform, target, expected } = await withCanary(create, 10);
      const before = platform.cluster.read(platform.reference)?.metadata ?? assert.fail();
      const action = { kind: 'set-weight', expected, bringsModel: false } as const;
      await target.setWeight({ ...action, fromPercent: 10, toPercent: 25 });
      await target.promote({ kind: 'promote', expected, fromPercent: 25 });
      const after = platform.cluster.read(platform.reference)?.metadata ?? assert.fail();
      assert.deepEqual(
        { ...after, generation: 0, resourceVersion: '' },
        { ...before, generation: 0, resourceVersion: '' },
      );
      const paths = platform.cluster.changes.flatMap(({ body }) =>
        (body as readonly { readonly op: string; readonly path: string }[])
          .filter(({ op }) => op !== 'test')
          .map(({ path }) => path),
      );
      assert.deepEqual(
        paths.filter((path) => !path.startsWith('/spec/')),
        [],
      );
    });
  });
}
