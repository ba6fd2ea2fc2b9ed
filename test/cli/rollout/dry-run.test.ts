import assert from 'node:assert/strict';
import { dryRun } from '../../../src/cli/rollout/dry-run.js';
import { parseModelRollout } from '../../../src/progressive/resource/index.js';
import { platforms } from '../../support/progressive/platforms/index.js';
import type { Platform } from '../../support/progressive/platforms/platform.js';
import { valueOf } from '../../support/value-of.js';
import { RecordingConsole } from '../support/run-command.js';

const nowMs = Date.UTC(2026, 0, 5, 10);

async function tried({ target, cluster }: Platform, spec: object = {}) {
  const rollout = valueOf(
    parseModelRollout({
      apiVersion: 'ml-verdict.io/v1alpha1',
      kind: 'ModelRollout',
      metadata: { name: 'fraud', namespace: 'ml' },
      spec: { target, stages: [10, 25, 50, 100], ...spec },
    }),
  );
  const console = new RecordingConsole();
  let status = 0;
  const context = { console, env: {}, setStatus: (given: number) => (status = given) };
  const before = cluster.changes.length;
  await dryRun(rollout, cluster, context, nowMs);
  const sent = cluster.changes.slice(before);
  return { status, out: console.textTo('out'), err: console.textTo('err'), sent };
}

/** The operations of a rollback, as they are printed. */
function rollbackIn(out: string): string {
  return out.slice(out.indexOf('A rollback verdict'));
}

/** How each platform gives the canary everything. */
const promotions: Readonly<Record<string, RegExp>> = {
  'kserve-knative': /removes the field canaryTrafficPercent/,
  'kserve-standard': /makes the canary the predictor and removes its entry of spec\.canary/,
  'seldon-deployment-istio': /gives the canary 100 %/,
  'seldon-deployment-ambassador': /gives the canary 100 %/,
  'seldon-experiment': /gives the canary 100 %/,
};

describe('rollout start --dry-run', () => {
  for (const { name, create } of platforms) {
    it(`${name}: prints what it would begin with, how it goes on, and a rollback, and changes nothing`, async () => {
      const platform = create();
      if (!platform.carries) {
        platform.applyCanary(25);
        platform.reconcile();
      }
      const before = platform.cluster.read(platform.reference);
      const { status, out, err, sent } = await tried(platform);
      assert.equal(status, 0, err);
      assert.match(out, /^To 10 %, checked by the API server \(nothing was changed\):\nPATCH \//);
      assert.match(out, /sends the same change with the next share: 25 %, 50 %\./);
      assert.match(out, promotions[name] ?? /$^/);
      assert.match(rollbackIn(out), /PATCH [^[]+\[\n[^]*"value":0\}/);
      assert.equal(out.split('PATCH').length, 3);
      assert.ok(sent.every(({ path }) => path.endsWith('?dryRun=All')));
      assert.deepEqual(platform.cluster.read(platform.reference), before);
    });

    it(`${name}: prints the rollback of a canary that is there, checked too`, async () => {
      const platform = create();
      platform.applyCanary(10);
      platform.reconcile();
      const { status, out, err, sent } = await tried(platform, { newVersion: 'present' });
      assert.equal(status, 0, err);
      assert.match(out, /^The canary has its first share already/);
      assert.match(rollbackIn(out), /checked by the API server:\nPATCH/);
      assert.deepEqual(
        sent.map(({ answer }) => answer),
        ['ok'],
      );
    });
  }

  it('says so where there is only the promotion after the first share', async () => {
    const [knative] = platforms;
    assert.ok(knative);
    const { out } = await tried(knative.create(), { stages: [10, 100] });
    assert.doesNotMatch(out, /next share/);
    assert.match(out, /The last promote verdict removes the field/);
  });

  it('refuses what the API server would refuse, a rollback as well', async () => {
    const [knative] = platforms;
    assert.ok(knative);
    const platform = knative.create();
    platform.applyCanary(10);
    platform.reconcile();
    platform.cluster.admit(platform.reference, () => 'not today');
    const { status, err } = await tried(platform, { newVersion: 'present' });
    assert.equal(status, 3);
    assert.match(err, /the API server would not do it: .*not today/);
    platform.cluster.remove(platform.reference);
    const gone = await tried(platform);
    assert.equal(gone.status, 3);
    assert.match(gone.err, /kserve fraud-detector is not there/);
  });
});
