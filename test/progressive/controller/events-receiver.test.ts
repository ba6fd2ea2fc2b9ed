import assert from 'node:assert/strict';
import type { AlertMessage } from '../../../src/progressive/alerts/alert-message.js';
import type { ApiFailure } from '../../../src/progressive/cluster/cluster-api.js';
import { createEventsReceiver } from '../../../src/progressive/controller/index.js';
import { MemoryCluster } from '../../support/progressive/memory-cluster.js';

const message: AlertMessage = {
  alert: {
    key: '1/3/rolling-back',
    kind: 'rolling-back',
    severity: 'critical',
    text: 'error-rate: 3 % > 1 %',
    atMs: Date.parse('2026-01-05T10:00:00.400Z'),
    percent: 10,
    verdictId: 'v',
  },
  rollout: 'fraud',
  namespace: 'ml',
  model: 'fraud-detector',
  canary: 'v2',
  stable: 'v1',
  target: 'kserve fraud',
  uid: 'the-uid',
  link: null,
};
const { signal } = new AbortController();

describe('createEventsReceiver', () => {
  it('gives an Event a name that the API server takes, however long that of the rollout is', async () => {
    const cluster = new MemoryCluster();
    for (const rollout of [`${'a'.repeat(229)}-${'b'.repeat(20)}`, `${'a'.repeat(228)}-.${'b'.repeat(20)}`]) {
      await createEventsReceiver(cluster).deliver({ ...message, rollout }, signal);
      const { metadata } = cluster.changes.at(-1)?.body as { readonly metadata: { readonly name: string } };
      assert.match(metadata.name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      assert.ok(metadata.name.length <= 253);
    }
  });

  it('writes an Event on the ModelRollout, once however often it is told', async () => {
    const cluster = new MemoryCluster();
    const receiver = createEventsReceiver(cluster);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await receiver.deliver(message, signal), { kind: 'delivered' });
    }
    const [first, second] = cluster.changes;
    assert.deepEqual([first?.answer, second?.answer], ['ok', 'conflict']);
    assert.equal(first?.path, '/api/v1/namespaces/ml/events');
    const { metadata, ...event } = first.body as { readonly metadata: { readonly name: string } };
    assert.match(metadata.name, /^fraud\.[0-9a-f]{16}$/);
    assert.deepEqual(event, {
      apiVersion: 'v1',
      kind: 'Event',
      involvedObject: {
        apiVersion: 'ml-verdict.io/v1alpha1',
        kind: 'ModelRollout',
        name: 'fraud',
        namespace: 'ml',
        uid: 'the-uid',
      },
      reason: 'RollingBack',
      message: 'error-rate: 3 % > 1 %',
      type: 'Warning',
      firstTimestamp: '2026-01-05T10:00:00Z',
      lastTimestamp: '2026-01-05T10:00:00Z',
      count: 1,
      source: { component: 'ml-verdict' },
      reportingComponent: 'ml-verdict.io/controller',
      reportingInstance: '',
    });
  });

  for (const [failure, expected] of [
    [
      { kind: 'unavailable', reason: 'away', retryAfterMs: 3000 },
      { kind: 'later', reason: 'away', retryAfterMs: 3000 },
    ],
    [
      { kind: 'forbidden', reason: 'no' },
      { kind: 'never', reason: 'no' },
    ],
    [
      { kind: 'not-found', reason: 'no namespace' },
      { kind: 'never', reason: 'no namespace' },
    ],
  ] as readonly (readonly [ApiFailure, object])[]) {
    it(`says "${Object.values(expected)[0] as string}" where it is ${failure.kind}`, async () => {
      const cluster = new MemoryCluster();
      cluster.fail({ failure });
      assert.deepEqual(await createEventsReceiver(cluster).deliver(message, signal), expected);
    });
  }
});
