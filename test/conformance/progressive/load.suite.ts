import assert from 'node:assert/strict';
import { mebibytes } from '../../support/service/process-figures.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { applyShippedAccess, modelRolloutFile } from './driving/shipped-access.js';
import { measureLoad } from './load/measure-load.js';
import { ModelCluster } from './rig/model-cluster.js';

/** Time passes so much faster than in reality, and for so long it is measured. */
const pace = { factor: 20, minutes: 3 };

describe('what a controller costs', function () {
  this.timeout(300_000);
  let cluster: ModelCluster | undefined;
  keepLogs(() => cluster?.processes ?? []);

  before(async () => {
    cluster = await ModelCluster.start({ files: [modelRolloutFile], isBare: true });
    await applyShippedAccess(cluster);
  });
  after(() => cluster?.stop());

  it('costs no more a rollout where there are many of them', async () => {
    assert.ok(cluster !== undefined);
    const one = await measureLoad({ cluster, rollouts: 1, ...pace });
    const fifty = await measureLoad({ cluster, rollouts: 50, ...pace });
    const told = [one, fifty]
      .map(({ callsPerMinute, memory }) => `${callsPerMinute.toFixed(1)} calls, ${mebibytes(memory)} MiB`)
      .join('; ');
    // Whole rounds fall into the time that is measured, or just outside of it.
    assert.ok(one.callsPerMinute >= 1 && one.callsPerMinute <= 10, told);
    assert.ok(fifty.callsPerMinute / 50 <= one.callsPerMinute + 1, told);
    assert.ok(fifty.memory - one.memory < 100 * 1024 * 1024, told);
    assert.ok(fifty.questionsPerMinute >= 30 && fifty.questionsPerMinute <= 100, told);
  });
});
