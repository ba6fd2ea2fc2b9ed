import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeConfig } from '../../../src/progressive/cluster/load-kube-config.js';
import { valueOf } from '../../support/value-of.js';

const config = (server: string, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'one',
    clusters: [{ name: 'one', cluster: { server, ...more } }],
    users: [{ name: 'me', user: { token: 'secret' } }],
    contexts: [
      { name: 'one', context: { cluster: 'one', user: 'me', namespace: 'ml' } },
      { name: 'broken', context: { cluster: 'nowhere', user: 'me' } },
    ],
  });

describe('loadKubeConfig', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-kubeconfig-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const refusal = async (options: Parameters<typeof loadKubeConfig>[0]): Promise<string> => {
    const loaded = await loadKubeConfig(options);
    assert.ok(!loaded.ok);
    return loaded.errors.map(({ path, message }) => `${path}: ${message}`).join('\n');
  };

  it('takes the file that is named before the one of the environment', async () => {
    const named = written('named', config('https://named:6443/'));
    const other = written('other', config('https://other:6443'));
    const { url, namespace } = valueOf(await loadKubeConfig({ file: named, env: { KUBECONFIG: other } }));
    assert.deepEqual({ url, namespace }, { url: 'https://named:6443', namespace: 'ml' });
    assert.equal(valueOf(await loadKubeConfig({ env: { KUBECONFIG: other } })).url, 'https://other:6443');
  });

  it('gives what a request needs', async () => {
    const file = written('access', config('https://a:6443', { 'insecure-skip-tls-verify': true }));
    const access = await valueOf(await loadKubeConfig({ file, env: {} })).access();
    assert.equal(access.rejectUnauthorized, false);
    assert.deepEqual(access.headers, { Authorization: 'Bearer secret' });
    assert.equal(access.agent, undefined);
  });

  it('reads a token from its file, and anew once it was not taken', async () => {
    const users = [{ name: 'me', user: { tokenFile: 'token', token: 'older' } }];
    const text = JSON.stringify({ ...(JSON.parse(config('https://a:6443')) as object), users });
    const file = written('with-file', text);
    written('token', 'first\n');
    const server = valueOf(await loadKubeConfig({ file, env: {} }));
    const headers = async () => (await server.access()).headers;
    assert.deepEqual(await headers(), { Authorization: 'Bearer first' });
    written('token', 'second\n');
    assert.deepEqual(await headers(), { Authorization: 'Bearer first' });
    server.forget?.();
    assert.deepEqual(await headers(), { Authorization: 'Bearer second' });
  });

  it('refuses an address that is none, with its file and field', async () => {
    const file = written('nonsense', config('nonsense'));
    assert.equal(
      await refusal({ file, env: {} }),
      `kubeconfig: ${file}, cluster.server of "one": expected an address such as "https://10.0.0.1:6443", got "nonsense"`,
    );
  });

  it('finds none where there is none', async () => {
    assert.match(await refusal({ env: { HOME: folder } }), /^kubeconfig: expected a kubeconfig/);
  });

  it('refuses files that are none, without quoting them', async () => {
    assert.match(
      await refusal({ file: join(folder, 'absent'), env: {} }),
      /cannot be read as a kubeconfig: ENOENT/,
    );
    const text = await refusal({ file: written('bad', 'users: [{ token: "hidden" '), env: {} });
    assert.match(text, /cannot be read as a kubeconfig/);
    assert.doesNotMatch(text, /hidden/);
  });

  it('refuses contexts that are not there, and http', async () => {
    const file = written('contexts', config('https://a:6443'));
    assert.match(
      await refusal({ file, context: 'two', env: {} }),
      /expected the name of a context \(one, broken\), got "two"/,
    );
    assert.match(await refusal({ file, context: 'broken', env: {} }), /got "broken"/);
    const plain = written('plain', config('http://a:8080'));
    assert.match(
      await refusal({ file: plain, env: {} }),
      /expected a server with https, got http:\/\/a:8080/,
    );
  });
});
