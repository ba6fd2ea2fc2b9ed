import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { effectiveConfig, loadConfig, prometheusServers } from '../../src/config/index.js';
import { errorsOf, valueOf } from '../support/value-of.js';

/** Every secret of these tests has this in it. */
const secretMark = 's3cr3t';

describe('the prometheus section', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-prometheus-config-'));
  const file = join(folder, 'config.yaml');

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function load(prometheus: unknown) {
    writeFileSync(file, stringify(prometheus === undefined ? {} : { prometheus }));
    return loadConfig({ file });
  }

  const main = (entry: Readonly<Record<string, unknown>>) =>
    load({ servers: { main: { url: 'http://prometheus:9090', ...entry } } });

  /** What is wrong, which never holds a secret. */
  function refusals(loaded: ReturnType<typeof load>): readonly string[] {
    return errorsOf(loaded).map(({ path, message }) => {
      assert.ok(!message.includes(secretMark), message);
      assert.ok(!path.includes(secretMark), path);
      return `${path}: ${message}`;
    });
  }

  it('names no server by default', () => {
    for (const section of [undefined, {}, { servers: {} }]) {
      assert.deepEqual(prometheusServers(valueOf(load(section))), []);
    }
  });

  it('has a default for everything but the address', () => {
    assert.deepEqual(prometheusServers(valueOf(main({}))), [
      {
        name: 'main',
        url: 'http://prometheus:9090',
        timeoutMs: 7000,
        scrapeIntervalMs: 30_000,
        concurrency: 10,
        maxSeries: 20_000,
        maxResponseBytes: 64 * 1024 * 1024,
        headers: {},
        access: { kind: 'none' },
        tls: {},
      },
    ]);
    assert.match(
      refusals(load({ servers: { main: {} } })).join(),
      /^prometheus\.servers\.main\.url: missing/,
    );
  });

  it('takes every setting', () => {
    const loaded = load({
      servers: {
        main: {
          url: 'https://mimir.example.com:8443/prometheus',
          timeout: '2.5s',
          scrapeInterval: '15s',
          concurrency: 4,
          maxSeries: 100,
          maxResponse: '1MiB',
          headers: { 'X-Scope-OrgID': 'team-a', 'X-Shard': 7, 'X-Api-Key': { file: '/run/key' } },
          basicAuth: { username: 'u', passwordFile: '/run/password' },
          tls: { caFile: '/run/ca', certFile: '/run/cert', keyFile: '/run/key', serverName: 'mimir' },
        },
        token: { url: 'http://a', bearerTokenFile: '/run/token' },
        oauth: {
          url: 'http://b',
          oauth2: {
            tokenUrl: 'https://idp/t',
            clientId: 'c',
            clientSecretFile: '/run/secret',
            scopes: ['read:all'],
          },
          tls: { caFile: '/run/ca' },
        },
      },
    });
    const [first, token, oauth] = prometheusServers(valueOf(loaded));
    assert.deepEqual(first, {
      name: 'main',
      url: 'https://mimir.example.com:8443/prometheus',
      timeoutMs: 2500,
      scrapeIntervalMs: 15_000,
      concurrency: 4,
      maxSeries: 100,
      maxResponseBytes: 1024 * 1024,
      headers: { 'X-Scope-OrgID': 'team-a', 'X-Shard': '7', 'X-Api-Key': { file: '/run/key' } },
      access: { kind: 'basic', username: 'u', passwordFile: '/run/password' },
      tls: { caFile: '/run/ca', certFile: '/run/cert', keyFile: '/run/key', serverName: 'mimir' },
    });
    assert.deepEqual(token?.access, { kind: 'bearer', tokenFile: '/run/token' });
    assert.deepEqual(oauth?.access, {
      kind: 'oauth2',
      tokenUrl: 'https://idp/t',
      clientId: 'c',
      clientSecretFile: '/run/secret',
      scopes: ['read:all'],
    });
  });

  it('is shown as it was written, with its defaults', () => {
    const shown = effectiveConfig(valueOf(main({ headers: { 'X-Key': { file: '/run/key' } } })));
    const { main: entry } = (shown['prometheus'] as { readonly servers: Readonly<Record<string, unknown>> })
      .servers;
    assert.deepEqual(entry, {
      url: 'http://prometheus:9090',
      timeout: '7s',
      scrapeInterval: '30s',
      concurrency: 10,
      maxSeries: 20_000,
      maxResponse: '64MiB',
      headers: { 'X-Key': { file: '/run/key' } },
      tls: {},
    });
  });

  for (const url of [
    `http://u:${secretMark}@prometheus:9090`,
    `https://${secretMark}@prometheus`,
    `u:${secretMark}@prometheus:9090`,
    `http://prometheus:99999/@${secretMark}`,
    `http://prometheus/?token=${secretMark}`,
    `http://prometheus/#${secretMark}`,
  ]) {
    it(`refuses ${url}, without repeating it`, () => {
      const expected =
        /^prometheus\.servers\.main: expected (no user, password, query or fragment|an address that begins)/;
      assert.match(refusals(main({ url })).join('\n'), expected);
      const oauth2 = { tokenUrl: url, clientId: 'c', clientSecretFile: '/f' };
      assert.match(
        refusals(main({ oauth2 })).join('\n'),
        /^prometheus\.servers\.main\.oauth2: expected .*tokenUrl/,
      );
    });
  }

  for (const url of [
    'prometheus:9090',
    'ftp://prometheus',
    '//prometheus',
    'http://',
    'http:prometheus',
    '',
  ]) {
    it(`refuses "${url}" for an address`, () => {
      assert.match(
        refusals(main({ url })).join('\n'),
        /^prometheus\.servers\.main\.url: expected an address such as "http:\/\/prometheus:9090".*got/,
      );
    });
  }

  for (const [what, entry, expected] of [
    [
      'two kinds of access',
      { bearerTokenFile: '/t', basicAuth: { username: 'u', passwordFile: '/p' } },
      /main: expected at most one of/,
    ],
    [
      'a password',
      { basicAuth: { username: 'u', password: secretMark } },
      /basicAuth\.password: unknown field; known: "username", "passwordFile"/,
    ],
    ['a token', { bearerToken: secretMark }, /bearerToken: unknown field; known: .*"bearerTokenFile"/],
    [
      'a client secret',
      { oauth2: { tokenUrl: 'http://i', clientId: 'c', clientSecret: secretMark } },
      /clientSecret: unknown field/,
    ],
    [
      'a name with a colon',
      { basicAuth: { username: 'u:v', passwordFile: '/p' } },
      /username: expected a name without a colon/,
    ],
    [
      'a scope with a space',
      { oauth2: { tokenUrl: 'http://i', clientId: 'c', clientSecretFile: '/f', scopes: ['a b'] } },
      /scopes\[0\]/,
    ],
    [
      'a certificate without its key',
      { url: 'https://p', tls: { certFile: '/c' } },
      /main\.tls: expected certFile and keyFile together/,
    ],
    [
      'a key without its certificate',
      { url: 'https://p', tls: { keyFile: '/k' } },
      /main\.tls: expected certFile and keyFile together/,
    ],
    ['TLS without https', { tls: { caFile: '/c' } }, /main\.tls: expected nothing beside an http url/],
    [
      'certificates that are not checked',
      { url: 'https://p', tls: { insecureSkipVerify: true } },
      /tls\.insecureSkipVerify: unknown field/,
    ],
    [
      'a header with a secret in it',
      { headers: { Authorization: secretMark } },
      /main\.headers: expected a file for Authorization/,
    ],
    ['another one', { headers: { 'X-Api-Key': secretMark } }, /main\.headers: expected a file for X-Api-Key/],
    [
      'a number that is a secret',
      { headers: { 'X-Token': 12345 } },
      /main\.headers: expected a file for X-Token, whose value is secret: \{file: …\}, got an object/,
    ],
    [
      'a header of two lines',
      { headers: { 'X-A': `a\n${secretMark}` } },
      /main\.headers: expected printable ASCII characters in X-A/,
    ],
    ['an empty header', { headers: { 'X-A': '' } }, /main\.headers: expected printable/],
    [
      'a header twice',
      { headers: { 'X-A': 'a', 'x-a': 'b' } },
      /main\.headers: expected each header once \(x-a\)/,
    ],
    ['a header of the connection', { headers: { Host: 'x' } }, /main\.headers: expected no Host/],
    [
      'two authorizations',
      { headers: { authorization: { file: '/a' } }, bearerTokenFile: '/t' },
      /main\.headers: expected no authorization beside/,
    ],
    ['a header that is none', { headers: { 'X A': 'a' } }, /main\.headers: expected names of headers/],
    ['no timeout', { timeout: '0s' }, /timeout: expected a duration/],
    ['no places', { concurrency: 0 }, /concurrency: expected a whole number from 1/],
    [
      'an unknown setting',
      { scrapeIntervall: '1m' },
      /scrapeIntervall: unknown field; did you mean "scrapeInterval"/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const [message, ...more] = refusals(main(entry)).filter((one) => !one.includes('File: missing'));
      assert.deepEqual(more, []);
      assert.match(message ?? '', expected);
    });
  }

  for (const name of ['', 'a b', '../x', '-x', 'x'.repeat(64)]) {
    it(`refuses "${name}" for the name of a server`, () => {
      writeFileSync(file, `prometheus: { servers: { ${JSON.stringify(name)}: { url: "http://p" } } }`);
      const loaded = loadConfig({ file });
      assert.ok(!loaded.ok);
      assert.match(refusals(loaded).join(), /expected a name of 1 to 63 letters/);
    });
  }
});
