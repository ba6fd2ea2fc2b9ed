/** What KServe's controller does with the patches of a canary, where nobody takes care: why a driver has to. */
import assert from 'node:assert/strict';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import type { InferenceService } from './rig/inference-service.js';
import { ModelCluster } from './rig/model-cluster.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;
const withinMs = 20_000;
const name = 'm';
const [first, second, third] = [1, 2, 3].map((number) => `${name}-predictor-0000${number}`);
const promotion = { op: 'remove', path: '/spec/predictor/canaryTrafficPercent' } as const;
const percent = (value: number) =>
  ({ op: 'add', path: '/spec/predictor/canaryTrafficPercent', value }) as const;

describe("KServe's real controller with a stand-in for Knative", function () {
  this.timeout(60_000);
  let cluster: ModelCluster | undefined;
  keepLogs(() => cluster?.processes ?? []);

  before(async function () {
    this.timeout(buildMs);
    cluster = await ModelCluster.start();
  });
  after(() => cluster?.stop());

  /** A namespace with an InferenceService that has had its first model, and what one does with it. */
  const open = async (namespace: string) => {
    assert.ok(cluster !== undefined);
    const { services, knative } = cluster;
    await cluster.createNamespace(namespace);
    await services.create(namespace, name, 'gs://models/m/1');
    const untilIt = (what: string, isThere: (service: InferenceService) => boolean) =>
      services.waitFor(namespace, name, isThere, { withinMs, what });
    return {
      knative: (behaviour: Parameters<typeof knative.behave>[1]) => {
        knative.behave(namespace, behaviour);
      },
      newModel: (number: number, share: number) =>
        services.newModel(namespace, name, `gs://models/m/${number}`, share),
      patch: (...operations: Parameters<typeof services.patch>[2]) =>
        services.patch(namespace, name, operations),
      untilIt,
      /** Until the traffic is shared out so, and nothing else. */
      untilShared: (shares: readonly (readonly [string | undefined, number])[]) =>
        untilIt(`shared ${JSON.stringify(shares)}`, ({ percents }) =>
          shares.every(([revision, share]) => percents.get(revision ?? '') === share),
        ),
      promote: async (revision: string | undefined) => {
        await services.patch(namespace, name, [promotion]);
        await untilIt('promoted', ({ rolledOut }) => rolledOut === revision);
      },
    };
  };

  it('splits, shifts and promotes', async () => {
    const { newModel, untilShared, patch, promote } = await open('shifts');
    await newModel(2, 10);
    const canary = await untilShared([
      [first, 90],
      [second, 10],
    ]);
    assert.equal(canary.rolledOut, first);
    await patch(percent(25));
    await untilShared([
      [first, 75],
      [second, 25],
    ]);
    await promote(second);
    const { previous } = await untilShared([[second, 100]]);
    assert.equal(previous, first);
  });

  it('takes any percent, also one that is none', async () => {
    const { newModel, untilShared } = await open('any-percent');
    await newModel(2, 150);
    await untilShared([[second, 150]]);
  });

  it('takes a percent on a stable service for the wish to go back to the model before', async () => {
    const { newModel, untilShared, patch, promote } = await open('armed');
    await newModel(2, 10);
    await promote(second);
    await patch(percent(5));
    const armed = await untilShared([
      [second, 5],
      [first, 95],
    ]);
    assert.equal(armed.rolledOut, first);
  });

  it('gives the share of a canary that is not ready to the stable model', async () => {
    const { knative, newModel, untilIt } = await open('unready');
    knative({ readyAfterMs: 'never' });
    await newModel(2, 10);
    const unready = await untilIt('told of its canary', ({ created }) => created === second);
    assert.equal(unready.ready, first);
    assert.deepEqual([...unready.percents], [[first, 100]]);
  });

  it('says why a canary will never be ready', async () => {
    const { knative, newModel, untilIt } = await open('broken');
    knative({ loadFailure: 'no such bucket' });
    await newModel(2, 10);
    const broken = await untilIt('blocked', ({ transition }) => transition === 'BlockedByFailedLoad');
    assert.equal(broken.created, second);
    assert.deepEqual([...broken.percents], [[first, 100]]);
  });

  it('shares out among revisions under way where traffic goes over gradually', async () => {
    const { knative, newModel, untilShared } = await open('gradual');
    knative({ rolloutMs: 2000 });
    await newModel(2, 80);
    await untilShared([
      [first, 100 - 20],
      [second, 20],
    ]);
    await untilShared([
      [first, 20],
      [second, 80],
    ]);
  });

  it('pins the model before the stable one where the route is told before the revision', async () => {
    const { knative, newModel, untilIt, promote } = await open('race');
    await newModel(2, 10);
    await promote(second);
    knative({ routeFirstMs: 300 });
    await newModel(3, 10);
    const raced = await untilIt(
      'at its third model',
      ({ created, ready }) => created === third && ready === third,
    );
    assert.equal(raced.rolledOut, first);
    await untilIt('pinned', ({ percents }) => percents.get(first ?? '') === 90);
  });

  it('gives everybody the bad model where the old one is restored and the share removed at once', async () => {
    const { knative, newModel, untilShared, patch } = await open('shortcut');
    await newModel(2, 10);
    await untilShared([[second, 10]]);
    await patch(percent(0));
    await untilShared([[first, 100]]);
    knative({ readyAfterMs: 1000 });
    const restored = {
      op: 'replace',
      path: '/spec/predictor/model/storageUri',
      value: 'gs://models/m/1',
    } as const;
    await patch(restored, promotion);
    await untilShared([[second, 100]]);
    await untilShared([[third, 100]]);
  });

  it('gives the bad model nothing where the share stays until the old one is ready', async () => {
    const { knative, newModel, untilShared, patch, untilIt, promote } = await open('safe-order');
    const shares = new Set<number>();
    await newModel(2, 10);
    await untilShared([[second, 10]]);
    await patch(percent(0));
    await untilShared([[first, 100]]);
    const end = cluster?.services.onChange(({ namespace, percents }) => {
      if (namespace === 'safe-order') shares.add(percents.get(second ?? '') ?? 0);
    });
    knative({ readyAfterMs: 1000 });
    await patch({ op: 'replace', path: '/spec/predictor/model/storageUri', value: 'gs://models/m/1' });
    await untilIt('restored', ({ created, ready }) => created === third && ready === third);
    await promote(third);
    end?.();
    assert.deepEqual([...shares], [0]);
  });
});
