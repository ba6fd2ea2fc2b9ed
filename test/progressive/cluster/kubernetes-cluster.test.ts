import assert from 'node:assert/strict';
import { ApiConnection } from '../../../src/progressive/cluster/api-connection.js';
import type { ObjectReference } from '../../../src/progressive/cluster/cluster-api.js';
import { KubernetesCluster } from '../../../src/progressive/cluster/kubernetes-cluster.js';
import { loadKubeConfig } from '../../../src/progressive/cluster/load-kube-config.js';
import { valueOf } from '../../support/value-of.js';
import { anObject, LoopbackApiServer, refuses, sends, token } from './support/loopback-api-server.js';

const reference: ObjectReference = {
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
  namespace: 'ml',
  name: 'fraud',
};

describe('KubernetesCluster', () => {
  let server: LoopbackApiServer;
  let connection: ApiConnection;
  let cluster: KubernetesCluster;
  let told: string[];

  before(async () => {
    server = await LoopbackApiServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    server.arrived.length = 0;
    server.answers = [sends(anObject('fraud'))];
    const loaded = await loadKubeConfig({ file: server.kubeconfig, env: {} });
    connection = new ApiConnection(valueOf(loaded));
    told = [];
    cluster = new KubernetesCluster(connection, {
      onRequest: (verb, result) => told.push(`${verb} ${result}`),
      deadlineMs: 400,
    });
  });
  afterEach(() => {
    connection.close();
  });

  it('gets an object with the credentials of the kubeconfig', async () => {
    const answer = await cluster.get(reference);
    assert.equal(answer.kind === 'ok' && answer.value.metadata.name, 'fraud');
    const [arrived] = server.arrived;
    assert.equal(arrived?.method, 'GET');
    assert.equal(arrived.path, '/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud');
    assert.equal(arrived.headers.authorization, `Bearer ${token}`);
    assert.deepEqual(told, ['get ok']);
  });

  it('patches as JSON Patch, whatever the body', async () => {
    const operations = [{ op: 'add', path: '/spec/predictor/canaryTrafficPercent', value: 10 }] as const;
    await cluster.patch(reference, operations);
    const [arrived] = server.arrived;
    assert.equal(arrived?.method, 'PATCH');
    assert.equal(arrived.headers['content-type'], 'application/json-patch+json');
    assert.deepEqual(JSON.parse(arrived.body), operations);
    assert.equal(
      arrived.path,
      '/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud?fieldManager=ml-verdict',
    );
  });

  it('checks a patch only, replaces a status, creates in the core group', async () => {
    await cluster.patch(reference, [], { dryRun: true });
    await cluster.replace(reference, anObject('fraud'), { subresource: 'status' });
    await cluster.create({ group: '', version: 'v1', plural: 'events' }, 'ml', anObject('event'));
    const base = '/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud';
    assert.deepEqual(
      server.arrived.map(({ method, path }) => `${method} ${path}`),
      [
        `PATCH ${base}?fieldManager=ml-verdict&dryRun=All`,
        `PUT ${base}/status?fieldManager=ml-verdict`,
        'POST /api/v1/namespaces/ml/events?fieldManager=ml-verdict',
      ],
    );
  });

  it('keeps its connection', async () => {
    for (let round = 0; round < 3; round += 1) await cluster.get(reference);
    assert.equal(new Set(server.arrived.map((arrived) => arrived.connection)).size, 1);
  });

  it('reads once more over another connection where the kept one is dead, and never changes twice', async () => {
    await cluster.get(reference);
    server.answers = [(response) => response.socket?.destroy(), sends(anObject('fraud'))];
    assert.equal((await cluster.get(reference)).kind, 'ok');
    assert.equal(server.arrived.length, 3);
    server.answers = [(response) => response.socket?.destroy(), sends(anObject('fraud'))];
    assert.equal((await cluster.patch(reference, [])).kind, 'unavailable');
    assert.equal(server.arrived.length, 4);
  });

  for (const [status, kind] of [
    [404, 'not-found'],
    [409, 'conflict'],
    [422, 'invalid'],
    [400, 'invalid'],
    [401, 'unavailable'],
    [403, 'forbidden'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ] as const) {
    it(`answers ${status} with "${kind}" and what the server says`, async () => {
      server.answers = [refuses(status, 'no, and here is why')];
      assert.deepEqual(await cluster.patch(reference, []), { kind, reason: 'no, and here is why' });
      assert.deepEqual(told, [`patch ${kind}`]);
    });
  }

  it('forgets credentials that are not taken, and has them anew', async () => {
    let asked = 0;
    const forgotten: number[] = [];
    const loaded = valueOf(await loadKubeConfig({ file: server.kubeconfig, env: {} }));
    const own = new ApiConnection({
      ...loaded,
      access: () => {
        asked += 1;
        return loaded.access();
      },
      forget: () => forgotten.push(asked),
    });
    server.answers = [refuses(401, 'Unauthorized'), sends(anObject('fraud'))];
    const over = new KubernetesCluster(own);
    assert.equal((await over.get(reference)).kind, 'unavailable');
    assert.equal((await over.get(reference)).kind, 'ok');
    assert.deepEqual([asked, forgotten], [2, [1]]);
    own.close();
  });

  it('waits for credentials no longer than for an answer, and asks once for all that wait', async () => {
    let asked = 0;
    const hanging = new ApiConnection({
      url: 'https://127.0.0.1:1',
      namespace: undefined,
      access: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    const over = new KubernetesCluster(hanging, { deadlineMs: 50 });
    const abort = new AbortController();
    const given = over.get(reference, abort.signal);
    abort.abort();
    const late = { kind: 'unavailable', reason: 'the kubeconfig gave no credentials within 0.05 s' };
    assert.deepEqual(await Promise.all([given, over.get(reference), over.get(reference)]), [
      { kind: 'unavailable', reason: 'given up' },
      late,
      late,
    ]);
    assert.equal(asked, 1);
  });

  it('says when to come again', async () => {
    server.answers = [refuses(429, 'too many requests', { 'Retry-After': '3' })];
    const answer = await cluster.get(reference);
    assert.deepEqual(answer, { kind: 'unavailable', reason: 'too many requests', retryAfterMs: 3000 });
  });

  it('gives up after its deadline, and with its signal', async () => {
    server.answers = [() => undefined];
    assert.deepEqual(await cluster.get(reference), {
      kind: 'unavailable',
      reason: 'no answer within 0.4 s',
    });
    const abort = new AbortController();
    const asked = cluster.get(reference, abort.signal);
    abort.abort();
    assert.deepEqual(await asked, { kind: 'unavailable', reason: 'given up' });
  });

  it('gives up on an answer that does not end', async () => {
    server.answers = [
      (response) => {
        response.writeHead(200);
        response.write('{');
      },
    ];
    assert.equal((await cluster.get(reference)).kind, 'unavailable');
  });

  it('takes nothing but an object for one', async () => {
    server.answers = [(response) => response.end('<html></html>')];
    assert.equal((await cluster.get(reference)).kind, 'unavailable');
    server.answers = [sends({ kind: 'Status', metadata: {} })];
    const answer = await cluster.get(reference);
    assert.match(answer.kind === 'unavailable' ? answer.reason : '', /with Status where an object/);
  });

  it('lists page by page', async () => {
    const page = (name: string, more?: string) =>
      sends({
        apiVersion: 'v1',
        kind: 'ConfigMapList',
        metadata: { resourceVersion: '90', continue: more },
        items: [{ metadata: anObject(name).metadata }],
      });
    server.answers = [page('a', 'next'), page('b')];
    const kind = { group: '', version: 'v1', plural: 'configmaps' };
    const listed = await cluster.list(kind, { namespace: 'ml', labelSelector: 'x=y' });
    assert.ok(listed.kind === 'ok');
    assert.deepEqual(
      listed.value.items.map(({ kind: of, metadata }) => `${of} ${metadata.name}`),
      ['ConfigMap a', 'ConfigMap b'],
    );
    assert.equal(listed.value.resourceVersion, '90');
    assert.deepEqual(
      server.arrived.map(({ path }) => path),
      [
        '/api/v1/namespaces/ml/configmaps?limit=500&labelSelector=x%3Dy',
        '/api/v1/namespaces/ml/configmaps?limit=500&labelSelector=x%3Dy&continue=next',
      ],
    );
  });

  it('never shows the token', async () => {
    const answers = [
      refuses(401, 'Unauthorized'),
      (response: { destroy(): void }) => {
        response.destroy();
      },
    ];
    for (const answer of answers) {
      server.answers = [answer];
      assert.ok(!JSON.stringify(await cluster.get(reference)).includes(token));
    }
    const gone = new ApiConnection({
      url: 'https://127.0.0.1:1',
      namespace: undefined,
      access: () => Promise.reject(new SyntaxError(`Unexpected token in ${token}`)),
    });
    assert.deepEqual(await new KubernetesCluster(gone).get(reference), {
      kind: 'unavailable',
      reason: 'the credentials of the kubeconfig cannot be read',
    });
  });
});
