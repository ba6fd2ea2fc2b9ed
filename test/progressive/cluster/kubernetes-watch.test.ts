import assert from 'node:assert/strict';
import { ApiConnection } from '../../../src/progressive/cluster/api-connection.js';
import type { WatchEvent } from '../../../src/progressive/cluster/cluster-watch.js';
import { KubernetesWatch } from '../../../src/progressive/cluster/kubernetes-watch.js';
import { loadKubeConfig } from '../../../src/progressive/cluster/load-kube-config.js';
import { until } from '../../support/until.js';
import { valueOf } from '../../support/value-of.js';
import { anObject, LoopbackApiServer, refuses, sends, type Answer } from './support/loopback-api-server.js';

const watched = { group: '', version: 'v1', plural: 'configmaps', namespace: 'ml' };

const list = (resourceVersion: string, ...names: readonly string[]): Answer =>
  sends({
    apiVersion: 'v1',
    kind: 'ConfigMapList',
    metadata: { resourceVersion },
    items: names.map((name) => ({ metadata: anObject(name).metadata })),
  });

/** Lines of a watch that then ends, stays open or breaks off. */
const lines =
  (events: readonly object[], then: 'ends' | 'stays' | 'breaks' = 'ends'): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''), () => {
      if (then === 'ends') response.end();
      if (then === 'breaks') response.destroy();
    });
  };

describe('KubernetesWatch', () => {
  let server: LoopbackApiServer;
  let connection: ApiConnection;
  let waits: number[];
  let told: string[];
  let abort: AbortController;
  let nowMs: number;

  before(async () => {
    server = await LoopbackApiServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    server.arrived.length = 0;
    connection = new ApiConnection(valueOf(await loadKubeConfig({ file: server.kubeconfig, env: {} })));
    [waits, told, abort, nowMs] = [[], [], new AbortController(), 1000];
  });
  afterEach(() => {
    connection.close();
  });

  const tell = (event: WatchEvent): void => {
    if (event.kind === 'listed') {
      told.push(`listed ${event.objects.map(({ metadata }) => metadata.name).join(' ')}`.trim());
    } else if (event.kind === 'away') {
      told.push(`away since ${event.sinceMs}${event.isMissing ? ', missing' : ''}: ${event.reason}`);
    } else if (event.kind === 'back') {
      told.push('back');
    } else {
      told.push(`${event.kind} ${event.object.metadata.name}`);
    }
  };

  /** Follows until the server was asked so often, with a last watch that stays open. */
  const follow = async (
    answers: readonly Answer[],
    options: { isMetadataOnly?: boolean; quietMs?: number; isBackAtLast?: boolean } = {},
  ) => {
    server.answers = [...answers, lines([], 'stays')];
    const watch = new KubernetesWatch(connection, {
      now: () => nowMs,
      chance: () => 1,
      ...(options.quietMs === undefined ? {} : { quietMs: options.quietMs }),
      wait: (ms) => {
        waits.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    });
    const { isMetadataOnly = false, isBackAtLast = false } = options;
    const followed = watch.follow({ ...watched, isMetadataOnly }, tell, abort.signal);
    await until(() => server.arrived.length > answers.length && (!isBackAtLast || told.at(-1) === 'back'));
    abort.abort();
    await followed;
    return server.arrived.map(({ path }) => path.replace(/&allow.*/, ''));
  };
  const listPath = '/api/v1/namespaces/ml/configmaps?limit=500';
  const watchPath = (from: string) => `/api/v1/namespaces/ml/configmaps?watch=true&resourceVersion=${from}`;

  it('lists, then tells what happens, and goes on from where a request ended', async () => {
    const paths = await follow([
      list('10', 'a', 'b'),
      lines([
        { type: 'ADDED', object: anObject('c', '11') },
        { type: 'MODIFIED', object: anObject('a', '12') },
        { type: 'DELETED', object: anObject('b', '13') },
        { type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: '20' } } },
      ]),
    ]);
    assert.deepEqual(told, ['listed a b', 'changed c', 'changed a', 'removed b']);
    assert.deepEqual(paths, [listPath, watchPath('10'), watchPath('20')]);
    assert.deepEqual(waits, []);
    assert.match(server.arrived[1]?.path ?? '', /allowWatchBookmarks=true&timeoutSeconds=360$/);
  });

  for (const [how, answer] of [
    ['as a status', refuses(410, 'too old')],
    ['in a line', lines([{ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } }])],
  ] as const) {
    it(`lists anew where what came since is not kept (410 ${how})`, async () => {
      const paths = await follow([list('10', 'a'), answer, list('30', 'b')]);
      assert.deepEqual(told, ['listed a', 'listed b']);
      assert.deepEqual(paths, [listPath, watchPath('10'), listPath, watchPath('30')]);
      assert.deepEqual(waits, []);
    });
  }

  it('comes back later and later, says since when it is away, and that it is back', async () => {
    const paths = await follow(
      [
        refuses(503, 'starting'),
        refuses(500, 'etcd'),
        list('10'),
        lines([{ type: 'ADDED', object: anObject('a', '11') }], 'breaks'),
        refuses(503, 'restarting'),
        refuses(503, 'restarting'),
      ],
      { isBackAtLast: true },
    );
    assert.deepEqual(waits, [1000, 2000, 1000, 2000, 4000]);
    assert.deepEqual(told, [
      'away since 1000: starting',
      'away since 1000: etcd',
      'back',
      'listed',
      'changed a',
      'away since 4000: the watch broke off',
      'away since 4000: restarting',
      'away since 4000: restarting',
      'back',
    ]);
    assert.deepEqual(paths.slice(3), [watchPath('10'), watchPath('11'), watchPath('11'), watchPath('11')]);
  });

  it('comes back later and later where a watch ends at once and tells nothing', async () => {
    const paths = await follow([list('10'), lines([]), lines([]), lines([])], { isBackAtLast: true });
    assert.deepEqual(waits, [1000, 2000, 4000]);
    assert.equal(told[1], 'away since 1000: the watch ended at once');
    assert.deepEqual(paths.slice(1), Array(4).fill(watchPath('10')));
  });

  it('comes back later and later where a fresh list has always expired', async () => {
    const gone = refuses(410, 'too old');
    await follow([list('10'), gone, list('11'), gone, list('12'), gone, list('13')], { isBackAtLast: false });
    assert.deepEqual(waits, [1000, 2000]);
    assert.equal(told[2], 'away since 1000: the watch has expired again');
  });

  it('begins a watch anew that says nothing, not even a bookmark', async () => {
    const quiet: Answer = (response, arrived) => {
      // So much later, so to speak.
      nowMs += 90_000;
      lines([], 'stays')(response, arrived);
    };
    const paths = await follow([list('10'), quiet], { quietMs: 30 });
    assert.deepEqual(paths.slice(1), [watchPath('10'), watchPath('10')]);
    assert.deepEqual([waits, told], [[], ['listed']]);
  });

  it('reads a line to its end, and not one without', async () => {
    const long = anObject('a', '11');
    const endless: Answer = (response) => {
      response.write(
        `${JSON.stringify({ type: 'ADDED', object: { ...long, spec: 'x'.repeat(200_000) } })}\n`,
      );
      response.end('x'.repeat(17 * 1024 * 1024));
    };
    await follow([list('10'), endless], { isBackAtLast: true });
    assert.deepEqual(told, [
      'listed',
      'changed a',
      'away since 1000: a line of the watch is longer than 16777216 bytes',
      'back',
    ]);
  });

  it('waits as long as the server asks for', async () => {
    await follow([refuses(429, 'slow down', { 'Retry-After': '7' }), list('1')]);
    assert.deepEqual(waits, [7000]);
  });

  it('says that the kind is not there, and goes on asking', async () => {
    await follow([refuses(404, 'the server could not find the requested resource'), list('1', 'a')]);
    assert.deepEqual(told, [
      'away since 1000, missing: the server could not find the requested resource',
      'back',
      'listed a',
    ]);
  });

  it('goes on after lines that are none', async () => {
    const noLine: Answer = (response) => response.end('{"type":"ADD\nnonsense\n');
    const paths = await follow([list('10'), noLine], { isBackAtLast: true });
    assert.deepEqual(told, ['listed', 'away since 1000: a line of the watch is not JSON', 'back']);
    assert.equal(paths[2], watchPath('10'));
  });

  it('asks for metadata only where that is all that is wanted', async () => {
    await follow([list('10')], { isMetadataOnly: true });
    assert.deepEqual(
      server.arrived.map(({ headers }) => headers.accept),
      [
        'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
        'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      ],
    );
  });
});
