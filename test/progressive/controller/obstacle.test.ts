import assert from 'node:assert/strict';
import type { ApiFailure, ClusterApi } from '../../../src/progressive/cluster/cluster-api.js';
import { ControllerRig } from './support/controller-rig.js';

describe('what keeps a controller from asking for its lease', () => {
  let rig: ControllerRig;
  beforeEach(() => {
    rig = new ControllerRig();
  });
  afterEach(() => rig.stop());

  it('is what the API server said, until it gives or shows the lease', async () => {
    let failure: ApiFailure | undefined = {
      kind: 'forbidden',
      reason: 'leases.coordination.k8s.io "ml-verdict-controller" is forbidden',
    };
    const { cluster } = rig;
    const api: ClusterApi = {
      get: (reference, signal) =>
        reference.plural === 'leases' && failure !== undefined
          ? Promise.resolve(failure)
          : cluster.get(reference, signal),
      list: (kind, options) => cluster.list(kind, options),
      create: (...args) => cluster.create(...args),
      replace: (...args) => cluster.replace(...args),
      patch: (...args) => cluster.patch(...args),
    };
    const { controller } = rig.start({ api });
    assert.equal(controller.obstacle, 'the API server has not answered yet');
    await rig.until(() => controller.obstacle?.startsWith('the Lease cannot be had') === true);
    assert.equal(controller.obstacle, `the Lease cannot be had: ${failure.reason}`);
    failure = undefined;
    await rig.until(() => controller.obstacle === undefined);
  });
});
