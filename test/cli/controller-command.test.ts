import assert from 'node:assert/strict';
import {
  LoopbackApiServer,
  refuses,
  sends,
  type Answer,
} from '../progressive/cluster/support/loopback-api-server.js';
import { until } from '../support/until.js';
import { Child } from './support/child.js';
import { runCommand } from './support/run-command.js';

/** An API server without a ModelRollout, which gives a lease to whoever asks for it. */
const empty: Answer = (response, arrived) => {
  const { method, path, body } = arrived;
  if (method === 'GET' && path.includes('/leases/')) {
    refuses(404, 'no lease')(response, arrived);
  } else if (method === 'POST' || method === 'PUT') {
    const object = JSON.parse(body) as { readonly metadata: object };
    const metadata = { ...object.metadata, uid: 'u', resourceVersion: '1' };
    sends({ ...object, metadata })(response, arrived);
  } else if (path.includes('watch=true')) {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
  } else {
    const list = { apiVersion: 'ml-verdict.io/v1alpha1', kind: 'ModelRolloutList', items: [] };
    sends({ ...list, metadata: { resourceVersion: '1' } })(response, arrived);
  }
};

describe('controller command', function () {
  this.timeout(30_000);
  let server: LoopbackApiServer;
  before(async () => {
    server = await LoopbackApiServer.start();
    server.answers = [empty];
  });
  after(() => server.stop());

  it('leads by the Lease that it is told, shows how it is, and gives it up when it is told to stop', async () => {
    const service = ['--service', 'http://127.0.0.1:1'];
    const child = new Child(
      [
        ...['controller', '--kubeconfig', server.kubeconfig, '-n', 'ml', '--metrics-port', '0', ...service],
        ...['--lease-namespace', 'verdicts', '--lease-name', 'ml-verdict-controller-ml'],
      ],
      {},
    );
    try {
      const [, port = ''] = await child.waitFor(/metrics on port (\d+)\n/);
      await until(() => server.arrived.some(({ path }) => path.includes('watch=true')));
      const ask = async (path: string) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: answer.status, text: await answer.text() };
      };
      assert.equal((await ask('/healthz')).status, 200);
      assert.equal((await ask('/readyz')).status, 200);
      assert.equal((await ask('/')).status, 404);
      const { text } = await ask('/metrics');
      assert.match(text, /ml_verdict_controller_leader 1/);
      assert.match(text, /ml_verdict_cluster_requests_total\{verb="create",result="ok"\} 1/);
      assert.match(text, /process_resident_memory_bytes/);
      assert.ok(
        server.arrived.some(({ path }) => path.startsWith('/apis/ml-verdict.io/v1alpha1/namespaces/ml/')),
      );
      child.kill('SIGTERM');
      assert.equal((await child.end()).status, 0);
      const last = server.arrived.findLast(({ method }) => method === 'PUT');
      assert.equal(
        (JSON.parse(last?.body ?? '{}') as { spec: { holderIdentity: string } }).spec.holderIdentity,
        '',
      );
      const leases = server.arrived.filter(({ path }) => path.includes('/leases'));
      for (const { path } of leases) {
        assert.match(path, /\/namespaces\/verdicts\/leases(\/ml-verdict-controller-ml)?(\?|$)/);
      }
      const made = leases.find(({ method }) => method === 'POST');
      assert.deepEqual((JSON.parse(made?.body ?? '{}') as { metadata: object }).metadata, {
        name: 'ml-verdict-controller-ml',
        namespace: 'verdicts',
      });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('refuses a name that no Lease can have, before it asks for one again and again', async () => {
    const given = ['controller', '--kubeconfig', server.kubeconfig, '--service', 'http://127.0.0.1:1'];
    for (const name of ['', 'Shop', 'a/b', 'shop.', '-a', 'a'.repeat(254)]) {
      const { status, out, err } = await runCommand([...given, `--lease-name=${name}`]);
      assert.deepEqual([status, out], [3, ''], name);
      assert.ok(err.includes('--lease-name: expected a name of lower-case letters'), err);
    }
  });

  it('refuses options that are wrong, all of them at once', async () => {
    const { status, out, err } = await runCommand([
      'controller',
      '--kubeconfig',
      '/absent',
      '--metrics-port',
      'many',
      '--lease-name',
      'The Lease',
      '--service',
      'nowhere',
    ]);
    assert.deepEqual([status, out], [3, '']);
    assert.match(err, /--metrics-port: expected a port from 0 to 65535, got "many"/);
    assert.match(err, /--lease-name: expected a name of .*, got "The Lease"/);
    assert.match(err, /--service: expected an address/);
    assert.match(err, /kubeconfig: \/absent cannot be read as a kubeconfig: ENOENT/);
  });
});
