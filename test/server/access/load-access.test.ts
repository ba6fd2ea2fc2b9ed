import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig, type Config } from '../../../src/config/index.js';
import { accessFiles, loadAccess } from '../../../src/server/access/index.js';
import { valueOf } from '../../support/value-of.js';
import { makeSigner } from './support/signer.js';
import { TokenFolder } from './support/token-folder.js';

const first = 'first-token-0123456789';
const second = 'second-token-0123456789';

describe('loadAccess', () => {
  let folder: TokenFolder;

  beforeEach(() => {
    folder = new TokenFolder();
  });

  afterEach(() => {
    folder.remove();
  });

  function configOf(access: unknown, host = '0.0.0.0'): Config {
    return valueOf(
      loadConfig({ file: folder.write('config.yaml', stringify({ server: { host }, access })) }),
    );
  }

  const tokensOf = (...files: readonly (readonly string[])[]) => ({
    tokens: files.map((own, index) => ({ name: `caller-${index}`, files: own, scopes: ['ingest'] })),
  });

  async function callerOf(config: Config, ...authorization: readonly string[]): Promise<string | undefined> {
    const access = valueOf(await loadAccess(config));
    const rawHeaders = authorization.flatMap((value) => ['Authorization', value]);
    const identity = await access.identify({ rawHeaders });
    return identity.kind === 'caller' ? (identity.caller.name ?? 'anonymous') : `refused: ${identity.reason}`;
  }

  it('knows every token of a caller, without the newline behind it', async () => {
    const config = configOf(tokensOf([folder.write('a', first), folder.write('b', `${second}\r`)]));
    assert.equal(await callerOf(config, `Bearer ${first}`), 'caller-0');
    assert.equal(await callerOf(config, `Bearer ${second}`), 'caller-0');
    for (const wrong of [first.slice(0, -1), `${first}0`, first.toUpperCase(), 'x', `${first}${second}`]) {
      assert.equal(await callerOf(config, `Bearer ${wrong}`), 'refused: unknown-token', wrong);
    }
    assert.equal(await callerOf(config), 'refused: missing-credentials');
    assert.equal(await callerOf(config, `Basic ${first}`), 'refused: malformed-credentials');
    assert.equal(
      await callerOf(config, `Bearer ${first}`, `Bearer ${first}`),
      'refused: malformed-credentials',
    );
  });

  it('tells callers apart', async () => {
    const config = configOf(tokensOf([folder.write('a', first)], [folder.write('b', second)]));
    assert.equal(await callerOf(config, `Bearer ${first}`), 'caller-0');
    assert.equal(await callerOf(config, `Bearer ${second}`), 'caller-1');
  });

  it('lets in whoever comes without credentials where the config says so, and still nobody with wrong ones', async () => {
    const config = configOf({ anonymous: 'allow', ...tokensOf([folder.write('a', first)]) });
    assert.equal(await callerOf(config), 'anonymous');
    assert.equal(await callerOf(config, `Bearer ${first}`), 'caller-0');
    assert.equal(await callerOf(config, 'Bearer wrong'), 'refused: unknown-token');
    assert.equal(await callerOf(config, ''), 'refused: malformed-credentials');
  });

  it('does not look at the header where there are no credentials to be told apart', async () => {
    for (const config of [configOf({ anonymous: 'allow' }), configOf({}, '127.0.0.1')]) {
      assert.equal(await callerOf(config, 'Bearer whatever'), 'anonymous');
      assert.equal(await callerOf(config, 'nonsense'), 'anonymous');
    }
  });

  it('goes by the address that is listened on, not by that of a later config', async () => {
    const config = configOf({}, '127.0.0.1');
    assert.ok((await loadAccess(config, { host: '127.0.0.1' })).ok);
    const moved = await loadAccess(config, { host: '0.0.0.0' });
    assert.ok(!moved.ok && moved.errors[0]?.path === 'access', JSON.stringify(moved));
  });

  for (const [what, text, expected] of [
    ['an empty file', '', /expected a token, got an empty file/],
    ['a short token', 'secret-token', /at least 16 characters, got 12/],
    ['two tokens', 'secret-token-number-1\nsecret-token-number-2', /expected one token of letters/],
    ['what no header can carry', 'secret-töken-0123456789', /expected one token of letters/],
    ['a token of ten thousand characters', 'secret-token'.repeat(1000), /at most 8,000 characters/],
  ] as const) {
    it(`refuses ${what} by the name of its file, and never tells what is in it`, async () => {
      const file = folder.write('odd', text);
      const loaded = await loadAccess(configOf(tokensOf([folder.write('fine', first), file])));
      assert.ok(!loaded.ok);
      const [error, ...more] = loaded.errors;
      assert.deepEqual(more, []);
      assert.equal(error?.path, 'access.tokens[0].files[1]');
      assert.ok(error.message.startsWith(`${file}: `) && expected.test(error.message), error.message);
      assert.ok(!JSON.stringify(loaded).includes('secret'));
    });
  }

  it('refuses files that cannot be read, all of them at once', async () => {
    const missing = join(folder.path, 'missing');
    mkdirSync(join(folder.path, 'folder'));
    const loaded = await loadAccess(configOf(tokensOf([missing], [join(folder.path, 'folder')])));
    assert.ok(!loaded.ok);
    assert.deepEqual(
      loaded.errors.map(({ path, message }) => `${path}: ${message.replace(folder.path, '')}`),
      [
        'access.tokens[0].files[0]: /missing cannot be read: there is no such file',
        'access.tokens[1].files[0]: /folder cannot be read: it is a folder',
      ],
    );
  });

  it('refuses one token for two callers, and takes it twice for one', async () => {
    const [a, b] = [folder.write('a', first), folder.write('b', first)];
    assert.ok((await loadAccess(configOf(tokensOf([a, b])))).ok);
    const loaded = await loadAccess(configOf(tokensOf([a], [b])));
    assert.ok(!loaded.ok);
    const [error] = loaded.errors;
    assert.equal(error?.path, 'access.tokens[1].files[0]');
    assert.equal(
      error.message,
      `${b}: expected a token of its own for caller-1, got the one of caller-0 in ${a}`,
    );
  });

  it('reads keys from a file, and refuses one with anything but public keys', async () => {
    const signer = await makeSigner('ES256', 'one');
    const configWith = (text: string): Config =>
      configOf({
        jwt: [
          {
            name: 'idp',
            issuer: 'https://idp.example.com',
            audience: 'ml-verdict',
            jwksFile: folder.write('keys.json', text),
            scopes: ['read'],
          },
        ],
      });
    const good = configWith(JSON.stringify({ keys: [signer.publicKey] }));
    assert.equal(await callerOf(good, `Bearer ${await signer.sign()}`), 'idp:argo');
    assert.deepEqual(accessFiles(good), [join(folder.path, 'keys.json')]);
    for (const [text, expected] of [
      ['not JSON', /expected a JSON Web Key Set/],
      ['{"keys":{}}', /expected a JSON Web Key Set/],
      ['{"keys":[1]}', /expected a JSON Web Key Set/],
      ['{"keys":[]}', /expected a key at least/],
      [JSON.stringify({ keys: [{ ...signer.publicKey, d: 'secret' }] }), /expected public keys only/],
      [JSON.stringify({ keys: [{ kty: 'oct', k: 'secret' }] }), /expected public keys only/],
    ] as const) {
      const loaded = await loadAccess(configWith(text));
      assert.ok(!loaded.ok, text);
      assert.equal(loaded.errors[0]?.path, 'access.jwt[0].jwksFile');
      assert.match(loaded.errors[0].message, expected);
      assert.ok(!JSON.stringify(loaded).includes('secret'));
    }
  });

  it('names every file that it reads, so that a change of it can be seen', () => {
    const files = [folder.write('a', first), folder.write('b', second)];
    assert.deepEqual(accessFiles(configOf(tokensOf(files))), files);
    assert.equal(readFileSync(files[0] ?? '', 'utf8').trim(), first);
  });
});
