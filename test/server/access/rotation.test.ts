import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestService } from '../support/test-service.js';
import { KeyServer } from './support/key-server.js';
import { audience, issuer, makeSigner } from './support/signer.js';
import { bearer, TokenFolder } from './support/token-folder.js';

const [oldToken, newToken] = ['the-old-token-of-argo', 'the-new-token-of-argo'];

describe('changing credentials while the service runs', () => {
  let folder: TokenFolder;
  let service: TestService;

  beforeEach(() => {
    folder = new TokenFolder();
  });

  afterEach(async () => {
    await service.close();
    folder.remove();
  });

  const status = async (token?: string) =>
    (await service.request('/v1/verdicts', token === undefined ? {} : { headers: bearer(token) })).status;

  /** A mounted Secret: the names are links into a folder that is swapped as a whole. */
  function mount(version: string, tokens: Readonly<Record<string, string>>): void {
    mkdirSync(join(folder.path, version));
    for (const [name, token] of Object.entries(tokens))
      writeFileSync(join(folder.path, version, name), token);
    symlinkSync(version, join(folder.path, 'next'));
    renameSync(join(folder.path, 'next'), join(folder.path, 'data'));
  }

  it('goes from one token to the next without a refused request', async () => {
    const names = ['current', 'next-one'];
    const files = names.map((name) => join(folder.path, 'data', name));
    const access = { tokens: [{ name: 'argo', files, scopes: ['read'] }] };
    mount('v1', { current: oldToken, 'next-one': oldToken });
    service = await TestService.start({ config: { access } });
    assert.deepEqual([await status(oldToken), await status(newToken)], [200, 401]);

    mount('v2', { current: oldToken, 'next-one': newToken });
    const until = { done: false };
    const asked = (async () => {
      const statuses = new Set<number>();
      while (!until.done) statuses.add(await status(oldToken));
      return [...statuses];
    })();
    assert.ok(await service.server.reload());
    assert.deepEqual([await status(oldToken), await status(newToken)], [200, 200]);
    until.done = true;
    assert.deepEqual(await asked, [200]);

    mount('v3', { current: newToken, 'next-one': newToken });
    assert.ok(await service.server.reload());
    assert.deepEqual([await status(oldToken), await status(newToken)], [401, 200]);
  });

  it('sees by itself that a mounted Secret was swapped', async () => {
    const access = {
      tokens: [{ name: 'argo', files: [join(folder.path, 'data', 'token')], scopes: ['read'] }],
    };
    mount('v1', { token: oldToken });
    service = await TestService.start({ config: { access, server: { reloadInterval: '10ms' } } });
    assert.equal(await status(newToken), 401);
    mount('v2', { token: newToken });
    while ((await status(newToken)) !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await status(oldToken), 401);
  });

  it('keeps the tokens that it has where a file is broken', async () => {
    const access = { tokens: [{ name: 'argo', files: [folder.write('token', oldToken)], scopes: ['read'] }] };
    service = await TestService.start({ config: { access } });
    folder.write('token', 'short');
    assert.ok(!(await service.server.reload()));
    assert.equal(await status(oldToken), 200);
    assert.ok(!service.logged.join('').includes(oldToken));
  });

  it('does not open a service whose config lost its callers, not even on a loopback address, unless it says so', async () => {
    const access = { tokens: [{ name: 'argo', files: [folder.write('token', oldToken)], scopes: ['read'] }] };
    service = await TestService.start({ config: { access } });
    for (const lost of [
      '',
      '# nothing left\n',
      '{}',
      'access:\n',
      { access: {} },
      { access: { tokens: [] } },
      {},
    ]) {
      service.writeConfig(lost);
      assert.equal(await service.server.reload(), false, JSON.stringify(lost));
      assert.deepEqual([await status(), await status(oldToken)], [401, 200], JSON.stringify(lost));
    }
    const refused = service.logLines(
      'the config was not reloaded: it is wrong, the one before stays in force',
    );
    assert.match(JSON.stringify(refused.at(-1)), /access: the config in force asks callers who they are/);
    service.writeConfig({ access: { anonymous: 'allow' } });
    assert.ok(await service.server.reload());
    assert.equal(await status(), 200);
    service.writeConfig({});
    assert.ok(await service.server.reload(), 'it was open before');
  });

  it('does not open by itself when its file is emptied', async () => {
    const access = { tokens: [{ name: 'argo', files: [folder.write('token', oldToken)], scopes: ['read'] }] };
    service = await TestService.start({ config: { access, server: { reloadInterval: '10ms' } } });
    service.writeConfig('');
    const refusals = () => service.metric('ml_verdict_config_reloads_total', { result: 'refused' });
    while ((await refusals()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual([await status(), await status(oldToken)], [401, 200]);
  });

  it('does not open a service that others reach because a later config speaks of a loopback address', async () => {
    const access = { tokens: [{ name: 'argo', files: [folder.write('token', oldToken)], scopes: ['read'] }] };
    service = await TestService.start({ config: { access, server: { host: '0.0.0.0' } } });
    service.writeConfig({ server: { host: '127.0.0.1' } });
    assert.ok(!(await service.server.reload()));
    assert.equal(await status(), 401);
    service.writeConfig({ server: { host: '127.0.0.1' }, access: { anonymous: 'allow' } });
    assert.ok(await service.server.reload());
    assert.equal(await status(), 200);
  });

  it('knows the keys of an issuer on, over a reload, while the issuer is away', async () => {
    const keyServer = await KeyServer.start();
    const [known, unseen] = await Promise.all(
      ['known', 'unseen'].map((kid) => makeSigner('ES256', kid, () => service.clock.nowMs)),
    );
    assert.ok(known !== undefined && unseen !== undefined);
    keyServer.keys = [known.publicKey];
    const idp = { name: 'idp', issuer, audience, jwksUri: keyServer.uri, scopes: ['read'] };
    service = await TestService.start({ config: { access: { jwt: [idp] } } });
    assert.equal(await status(await known.sign()), 200);
    await keyServer.close();
    service.writeConfig({ access: { jwt: [{ ...idp, clockTolerance: '5s' }] } });
    assert.ok(await service.server.reload());
    assert.equal(await status(await known.sign()), 200);
    assert.equal(await status(await known.sign({ aud: 'other' })), 401);
    assert.equal(keyServer.requests, 1);
    // The keys were fetched a moment ago, so this one is taken for none of the issuer's.
    assert.equal(await status(await unseen.sign()), 401);
  });

  it('answers 503 and when to come again while the keys of an issuer cannot be had', async () => {
    const signer = await makeSigner('ES256', 'one', () => service.clock.nowMs);
    const idp = { name: 'idp', issuer, audience, jwksUri: 'http://127.0.0.1:1/keys', scopes: ['read'] };
    service = await TestService.start({ config: { access: { jwt: [idp] } } });
    const answer = await service.request('/v1/verdicts', { headers: bearer(await signer.sign()) });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '5');
    assert.equal(answer.headers.get('www-authenticate'), null);
    assert.equal((answer.json() as { readonly type: string }).type, 'urn:ml-verdict:problem:unavailable');
    assert.equal(await status('no-signed-token-at-all'), 401);
  });
});
