import assert from 'node:assert/strict';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { ModelCluster } from './rig/model-cluster.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;
const soon = { withinMs: 20_000 };

describe("the rig: KServe's real controller with a stand-in for Knative", function () {
  this.timeout(60_000);
  let cluster: ModelCluster;
  keepLogs(() => cluster.processes);

  before(async function () {
    this.timeout(buildMs);
    cluster = await ModelCluster.start();
  });
  after(() => cluster.stop());

  it('splits, shifts and promotes as KServe does', async () => {
    const { services } = cluster;
    await cluster.createNamespace('rig');
    const first = await services.create('rig', 'm', 'gs://models/m/v1');
    assert.equal(first.rolledOut, 'm-predictor-00001');
    await services.newModel('rig', 'm', 'gs://models/m/v2', 10);
    const canary = await services.waitFor(
      'rig',
      'm',
      ({ percents }) => percents.get('m-predictor-00002') === 10 && percents.get('m-predictor-00001') === 90,
      { ...soon, what: 'at 10 %' },
    );
    assert.equal(canary.rolledOut, 'm-predictor-00001');
    await services.patch('rig', 'm', [{ op: 'remove', path: '/spec/predictor/canaryTrafficPercent' }]);
    const promoted = await services.waitFor(
      'rig',
      'm',
      ({ percents }) => percents.get('m-predictor-00002') === 100,
      { ...soon, what: 'promoted' },
    );
    assert.equal(promoted.rolledOut, 'm-predictor-00002');
    assert.equal(promoted.previous, 'm-predictor-00001');
  });
});
