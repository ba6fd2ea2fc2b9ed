import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { admitsAnonymous, isLoopback, loadConfig } from '../../src/config/index.js';
import { effectiveConfig } from '../../src/config/effective-config.js';
import { valueOf } from '../support/value-of.js';

const token = { name: 'argo', files: ['/run/token'], scopes: ['verdict'] };
const issuer = {
  name: 'idp',
  issuer: 'https://idp.example.com',
  audience: 'ml-verdict',
  jwksUri: 'https://idp.example.com/keys',
  scopes: ['verdict'],
};

describe('the access section', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-access-config-'));
  const file = join(folder, 'config.yaml');

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function load(access: unknown, host = '127.0.0.1', env: Readonly<Record<string, string>> = {}) {
    writeFileSync(file, stringify({ server: { host }, ...(access === undefined ? {} : { access }) }));
    return loadConfig({ file, env });
  }

  function refusals(
    access: unknown,
    host?: string,
    env?: Readonly<Record<string, string>>,
  ): readonly string[] {
    const loaded = load(access, host, env);
    return loaded.ok ? [] : loaded.errors.map(({ path, message }) => `${path}: ${message}`);
  }

  for (const [host, expected] of [
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['localhost', true],
    ['LOCALHOST', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['128.0.0.1', false],
    ['::2', false],
    ['localhost.example.com', false],
    ['127.0.0.1.example.com', false],
    ['ml-verdict', false],
  ] as const) {
    it(`${expected ? 'takes' : 'does not take'} ${host} for an address of the machine alone`, () => {
      assert.equal(isLoopback(host), expected);
    });
  }

  for (const [what, access, host, admitted] of [
    ['nothing is said on a loopback address', undefined, '127.0.0.1', true],
    ['nothing is said but who has a token', { tokens: [token] }, '127.0.0.1', false],
    ['nothing is said but who signs', { jwt: [issuer] }, '127.0.0.1', false],
    ['the config says so, on any address', { anonymous: 'allow' }, '0.0.0.0', true],
    ['the config says so, beside tokens', { anonymous: 'allow', tokens: [token] }, '0.0.0.0', true],
    ['the config forbids it', { anonymous: 'deny', tokens: [token] }, '127.0.0.1', false],
  ] as const) {
    it(`${admitted ? 'lets in' : 'keeps out'} callers without credentials where ${what}`, () => {
      assert.equal(admitsAnonymous(valueOf(load(access, host))), admitted);
    });
  }

  it('refuses to be open on an address that others reach without saying so, and names the ways out', () => {
    const [message, ...more] = refusals(undefined, '0.0.0.0');
    assert.deepEqual(more, []);
    assert.match(message ?? '', /^access: the service would listen on 0\.0\.0\.0/);
    assert.match(message ?? '', /access\.tokens or access\.jwt/);
    assert.match(message ?? '', /access\.anonymous: allow$/);
  });

  it('asks the same of an address that the environment gives', () => {
    assert.equal(refusals(undefined, '127.0.0.1', { ML_VERDICT_HOST: '10.0.0.2' }).length, 1);
    assert.deepEqual(refusals({ tokens: [token] }, '127.0.0.1', { ML_VERDICT_HOST: '10.0.0.2' }), []);
    assert.deepEqual(refusals(undefined, '0.0.0.0', { ML_VERDICT_HOST: '127.0.0.1' }), []);
  });

  it('refuses a config that lets in nobody', () => {
    assert.match(refusals({ anonymous: 'deny' })[0] ?? '', /^access: nobody could be let in/);
  });

  for (const [what, access, path, expected] of [
    [
      'a scope that does not exist',
      { tokens: [{ ...token, scopes: ['write'] }] },
      'access.tokens[0].scopes[0]',
      /"verdict", "ingest", "read"/,
    ],
    ['a token for nothing', { tokens: [{ ...token, scopes: [] }] }, 'access.tokens[0].scopes', /at least 1/],
    ['a token without a file', { tokens: [{ ...token, files: [] }] }, 'access.tokens[0].files', /at least 1/],
    [
      'a name that says nothing',
      { tokens: [{ ...token, name: 'a b' }] },
      'access.tokens[0].name',
      /letters, digits/,
    ],
    ['two callers of one name', { tokens: [token, token] }, 'access.tokens[1].name', /no other caller/],
    [
      'an issuer named as a token',
      { tokens: [token], jwt: [{ ...issuer, name: 'argo' }] },
      'access.jwt[0].name',
      /no other caller/,
    ],
    [
      'one issuer twice',
      { jwt: [issuer, { ...issuer, name: 'b' }] },
      'access.jwt[1].issuer',
      /each issuer once/,
    ],
    [
      'keys of two origins',
      { jwt: [{ ...issuer, jwksFile: '/keys' }] },
      'access.jwt[0]',
      /exactly one of jwksUri and jwksFile/,
    ],
    [
      'keys of no origin',
      { jwt: [{ ...issuer, jwksUri: undefined }] },
      'access.jwt[0]',
      /exactly one of jwksUri and jwksFile/,
    ],
    [
      'keys that anybody on the way can change',
      { jwt: [{ ...issuer, jwksUri: 'http://idp.example.com/' }] },
      'access.jwt[0].jwksUri',
      /https/,
    ],
    [
      'keys of no address',
      { jwt: [{ ...issuer, jwksUri: 'file:///keys' }] },
      'access.jwt[0].jwksUri',
      /https/,
    ],
    [
      'a shared secret as signature',
      { jwt: [{ ...issuer, algorithms: ['HS256'] }] },
      'access.jwt[0].algorithms[0]',
      /RS256/,
    ],
    ['no signature', { jwt: [{ ...issuer, algorithms: ['none'] }] }, 'access.jwt[0].algorithms[0]', /RS256/],
    [
      'an issuer for nothing',
      { jwt: [{ ...issuer, scopes: undefined }] },
      'access.jwt[0]',
      /scopes, or grants/,
    ],
    [
      'bounds without a scope',
      {
        jwt: [
          {
            ...issuer,
            scopes: undefined,
            models: ['a'],
            grants: [{ claim: 'sub', equals: 'x', scopes: ['read'] }],
          },
        ],
      },
      'access.jwt[0]',
      /scopes beside namespaces/,
    ],
    [
      'a grant without a condition',
      { jwt: [{ ...issuer, grants: [{ claim: 'sub', scopes: ['read'] }] }] },
      'access.jwt[0].grants[0]',
      /exactly one of equals and contains/,
    ],
    [
      'a misspelt key',
      { tokens: [{ ...token, file: 'x' }] },
      'access.tokens[0].file',
      /did you mean "files"/,
    ],
  ] as const) {
    it(`refuses ${what} by its place`, () => {
      const found = refusals(access).find((message) => message.startsWith(`${path}: `));
      assert.ok(found !== undefined && expected.test(found), JSON.stringify(refusals(access)));
      assert.match(found, /\(line \d+ of config\.yaml\)$/);
    });
  }

  it('takes keys over plain http from the machine itself', () => {
    for (const host of ['127.0.0.1:8000', 'localhost', '[::1]:1']) {
      assert.deepEqual(refusals({ jwt: [{ ...issuer, jwksUri: `http://${host}/keys` }] }), [], host);
    }
    assert.equal(refusals({ jwt: [{ ...issuer, jwksUri: 'http://127.0.0.1.example.com/' }] }).length, 1);
  });

  it('is shown as it was written, with paths and without secrets', () => {
    const access = { tokens: [token], jwt: [{ ...issuer, clockTolerance: '1m' }] };
    const config = valueOf(load(access));
    assert.equal(config.access.jwt[0]?.clockToleranceMs, 60_000);
    assert.deepEqual(effectiveConfig(config)['access'], { metrics: 'open', ...access });
  });
});
