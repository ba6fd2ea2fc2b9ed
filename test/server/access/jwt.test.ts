import assert from 'node:assert/strict';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import { stringify } from 'yaml';
import { loadConfig } from '../../../src/config/index.js';
import type { Access } from '../../../src/server/access/access.js';
import type { Caller } from '../../../src/server/access/caller.js';
import { KeySets, loadAccess } from '../../../src/server/access/index.js';
import { valueOf } from '../../support/value-of.js';
import { KeyServer } from './support/key-server.js';
import { audience, issuer, makeSigner, signWith, type Signer } from './support/signer.js';
import { TokenFolder } from './support/token-folder.js';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('signed tokens', () => {
  const nowMs = Date.parse('2026-01-05T11:00:00Z');
  const now = () => nowMs;
  const folder = new TokenFolder();
  let keyServer: KeyServer;
  let rsa: Signer;
  let curve: Signer;
  let access: Access;

  before(async () => {
    keyServer = await KeyServer.start();
    rsa = await makeSigner('RS256', 'rsa', now);
    curve = await makeSigner('ES256', 'curve', now);
    keyServer.keys = [rsa.publicKey, curve.publicKey];
    access = await accessWith({});
  });

  after(async () => {
    await keyServer.close();
    folder.remove();
  });

  async function accessWith(more: Readonly<Record<string, unknown>>): Promise<Access> {
    const entry = {
      name: 'idp',
      issuer,
      audience,
      jwksUri: keyServer.uri,
      ...('grants' in more ? {} : { scopes: ['verdict'] }),
      ...more,
    };
    const file = folder.write('config.yaml', stringify({ access: { jwt: [entry] } }));
    return valueOf(await loadAccess(valueOf(loadConfig({ file })), { now, keySets: new KeySets(now) }));
  }

  async function identify(token: string, by = access) {
    return by.identify({ rawHeaders: ['Authorization', `Bearer ${token}`] });
  }

  async function letIn(token: string, by = access): Promise<Caller> {
    const identity = await identify(token, by);
    assert.ok(identity.kind === 'caller', JSON.stringify(identity));
    return identity.caller;
  }

  async function refused(token: string, by = access): Promise<string> {
    const identity = await identify(token, by);
    assert.ok(identity.kind === 'refused');
    return identity.reason;
  }

  it('are let in, by RSA and by elliptic curve, under the name of issuer and subject', async () => {
    for (const signer of [rsa, curve]) {
      const caller = await letIn(await signer.sign());
      assert.equal(caller.name, 'idp:argo');
      assert.deepEqual(
        [caller.has('verdict'), caller.has('ingest'), caller.mayWithAll('verdict')],
        [true, false, true],
      );
    }
    assert.equal((await letIn(await rsa.sign({ sub: undefined }))).name, 'idp:');
    assert.match((await letIn(await rsa.sign({ sub: 'a b\nc' }))).name ?? '', /^idp:sha256-[\da-f]{16}$/);
  });

  it('may have one of several audiences', async () => {
    assert.ok(await letIn(await rsa.sign({ aud: ['other', audience] })));
    const several = await accessWith({ audience: ['a', 'b'] });
    assert.ok(await letIn(await rsa.sign({ aud: 'b' }), several));
    assert.equal(await refused(await rsa.sign({ aud: 'c' }), several), 'wrong-audience');
  });

  const seconds = nowMs / 1000;
  for (const [what, claims, reason] of [
    ['of yesterday', { exp: seconds - 3600 }, 'expired-jwt'],
    ['that never expire', { exp: undefined }, 'invalid-jwt'],
    ['of tomorrow', { nbf: seconds + 3600 }, 'invalid-jwt'],
    ['for somebody else', { aud: 'other' }, 'wrong-audience'],
    ['for nobody', { aud: undefined }, 'wrong-audience'],
    ['of another issuer', { iss: 'https://idp.example.org' }, 'unknown-issuer'],
    ['of an issuer with a slash more', { iss: `${issuer}/` }, 'unknown-issuer'],
    ['of no issuer', { iss: undefined }, 'unknown-token'],
  ] as const) {
    it(`${what} are refused`, async () => {
      assert.equal(await refused(await rsa.sign(claims)), reason);
    });
  }

  it('are given the half minute by which clocks may differ, and no more', async () => {
    assert.ok(await letIn(await rsa.sign({ exp: seconds - 29 })));
    assert.equal(await refused(await rsa.sign({ exp: seconds - 31 })), 'expired-jwt');
  });

  it('without a signature are refused, whatever they call that', async () => {
    const payload = base64({ iss: issuer, aud: audience, sub: 'argo', exp: seconds + 60 });
    for (const alg of ['none', 'None', 'nOnE', '']) {
      assert.equal(await refused(`${base64({ alg })}.${payload}.x`), 'invalid-jwt', alg);
    }
    const [head = '', , signature = ''] = (await rsa.sign()).split('.');
    assert.equal(await refused(`${head}.${payload}.${signature}`), 'invalid-jwt');
    // With nothing behind the last dot.
    assert.equal(await refused(`${base64({ alg: 'none' })}.${payload}.`), 'invalid-jwt');
  });

  it('signed with the public key as a shared secret are refused', async () => {
    const pem = await exportSPKI((await importJWK(rsa.publicKey, 'RS256')) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(rsa.publicKey)]) {
      const token = await signWith(new TextEncoder().encode(secret), { alg: 'HS256', kid: 'rsa' }, nowMs);
      assert.equal(await refused(token), 'invalid-jwt');
    }
  });

  it('signed with a key that somebody else made are refused', async () => {
    const forger = await makeSigner('RS256', 'rsa', now);
    assert.equal(await refused(await forger.sign()), 'invalid-jwt');
    assert.equal(await refused(await forger.sign({}, { kid: undefined })), 'invalid-jwt');
  });

  it('are refused by a signature that the config does not list', async () => {
    const strict = await accessWith({ algorithms: ['ES256'] });
    assert.equal(await refused(await rsa.sign(), strict), 'invalid-jwt');
    assert.ok(await letIn(await curve.sign(), strict));
  });

  it('that do not name their key are checked with every one that it could be', async () => {
    const other = await makeSigner('ES256', 'other', now);
    keyServer.keys = [rsa.publicKey, curve.publicKey, other.publicKey];
    const fresh = await accessWith({});
    for (const signer of [curve, other])
      assert.ok(await letIn(await signer.sign({}, { kid: undefined }), fresh));
    const stranger = await makeSigner('ES256', 'stranger', now);
    assert.equal(await refused(await stranger.sign({}, { kid: undefined }), fresh), 'invalid-jwt');
  });

  it('that are none are refused, and never fail', async () => {
    for (const text of [
      'a.b.c',
      '..',
      '.',
      'a.b',
      `${base64({})}.${base64({ iss: issuer })}.`,
      `${base64([])}.${base64({ iss: issuer })}.a`,
      `a.${base64({ iss: issuer })}.c`,
      `a.${base64({ iss: 5 })}.c`,
      `${base64({ alg: 'RS256', kid: 'rsa', crit: ['x'] })}.${base64({ iss: issuer })}.a`,
    ]) {
      assert.match(await refused(text), /^(unknown-token|invalid-jwt)$/, text);
    }
  });

  describe('are for what their claims say', () => {
    const teams = [
      {
        claim: 'groups',
        contains: 'team-a',
        scopes: ['verdict', 'read'],
        namespaces: ['team-a'],
        models: ['fraud-*'],
      },
      { claim: 'scope', contains: 'ml:ingest', scopes: ['ingest'] },
      {
        claim: ['kubernetes.io', 'namespace'],
        equals: 'team-b',
        scopes: ['verdict'],
        namespaces: ['team-b'],
      },
    ];

    async function with_(claims: Readonly<Record<string, unknown>>): Promise<Caller> {
      return letIn(await rsa.sign(claims), await accessWith({ grants: teams }));
    }

    it('in a list', async () => {
      const caller = await with_({ groups: ['x', 'team-a'] });
      assert.ok(caller.may('verdict', 'team-a', 'fraud-1') && caller.may('read', 'team-a', 'fraud-1'));
      assert.ok(!caller.may('verdict', 'team-a', 'churn') && !caller.may('verdict', 'team-b', 'fraud-1'));
      assert.ok(!caller.has('ingest') && !caller.mayWithAll('verdict'));
    });

    it('in a text of words', async () => {
      const caller = await with_({ scope: 'openid ml:ingest' });
      assert.ok(caller.may('ingest', 'any', 'any') && !caller.has('verdict'));
      assert.ok(!(await with_({ scope: 'xml:ingest' })).has('ingest'));
    });

    it('inside another claim', async () => {
      const caller = await with_({ 'kubernetes.io': { namespace: 'team-b' } });
      assert.ok(caller.may('verdict', 'team-b', 'any') && !caller.may('verdict', 'team-a', 'any'));
    });

    it('in several at once, each with its own bounds', async () => {
      const caller = await with_({ groups: ['team-a'], 'kubernetes.io': { namespace: 'team-b' } });
      assert.ok(caller.may('verdict', 'team-a', 'fraud-1') && caller.may('verdict', 'team-b', 'churn'));
      assert.ok(!caller.may('verdict', 'team-a', 'churn') && !caller.may('read', 'team-b', 'churn'));
    });

    it('and for nothing where no claim does', async () => {
      for (const claims of [
        {},
        { groups: 'team-ab' },
        { groups: { 0: 'team-a' } },
        { 'kubernetes.io': null },
      ]) {
        const caller = await with_(claims);
        assert.ok(!caller.has('verdict') && !caller.has('ingest') && !caller.has('read'));
      }
    });
  });
});
