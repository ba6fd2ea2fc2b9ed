/** What the API server refuses at once is what the parser would refuse in the midst of a run, and no more. */
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { canonicalRollout, parseModelRollout } from '../../../src/progressive/resource/index.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { rolloutOf, writtenSpecs } from './admission/specs.js';
import { modelRolloutFile } from './driving/shipped-access.js';
import { ModelCluster } from './rig/model-cluster.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;

describe('ModelRollouts and the real API server', function () {
  this.timeout(60_000);
  let cluster: ModelCluster | undefined;
  keepLogs(() => cluster?.processes ?? []);

  before(async function () {
    this.timeout(buildMs);
    cluster = await ModelCluster.start({ files: [modelRolloutFile], isBare: true });
    await cluster.createNamespace('admission');
  });
  after(() => cluster?.stop());

  const isTaken = async (object: object): Promise<readonly [isTaken: boolean, text: string]> => {
    assert.ok(cluster !== undefined);
    const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
    const { status, stderr } = await cluster.tryKubectl(args, { input: stringify(object) });
    return [status === 0, stderr];
  };

  for (const { what, spec, verdict } of writtenSpecs) {
    it(`${what}: ${verdict === 'canonical' ? 'taken in its canonical way' : verdict}, by both`, async () => {
      const object = rolloutOf(spec);
      const [isTakenAsIs, text] = await isTaken(object);
      assert.equal(isTakenAsIs, verdict === 'taken', text);
      assert.equal(parseModelRollout(object).ok, verdict !== 'refused');
      if (verdict === 'refused') return;
      const [isTakenThen, why] = await isTaken(canonicalRollout(object));
      assert.ok(isTakenThen, why);
    });
  }

  it('kubectl shows one that is refused, and why', async () => {
    assert.ok(cluster !== undefined);
    await cluster.kubectl(['create', '-f', '-'], {
      input: stringify(rolloutOf({ target: { kserve: { name: 'm' } } })),
    });
    const condition = {
      type: 'Accepted',
      status: 'False',
      reason: 'TargetInUse',
      message: '',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-05T10:00:00Z',
    };
    const patch = JSON.stringify({ status: { conditions: [condition] } });
    const place = ['modelrollout', 'm', '-n', 'admission'];
    await cluster.kubectl(['patch', ...place, '--subresource=status', '--type=merge', '-p', patch]);
    assert.match(await cluster.kubectl(['get', 'modelrollouts', '-A']), /ACCEPTED[\s\S]*\sTargetInUse\s/);
  });
});
