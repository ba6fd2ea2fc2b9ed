import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { ServerSettings } from '../../../../src/sources/prometheus/server/index.js';
import { apiError, healthy } from './support/answers.js';
import { clientOf, reasonOf, secretMark } from './support/client.js';
import { FakeServer, sendJson } from './support/fake-server.js';
import { SecretFolder } from './support/secret-folder.js';

describe('access to a Prometheus server', () => {
  const folder = new SecretFolder();
  let fake: FakeServer;
  /** What the header has to be. */
  let wanted: string | undefined;

  before(async () => {
    fake = await FakeServer.start((request, response) => {
      const isRight = wanted === undefined || request.headers.authorization === wanted;
      sendJson(response, isRight ? healthy : { got: request.headers.authorization }, isRight ? 200 : 401);
    });
  });

  beforeEach(() => {
    wanted = undefined;
    fake.requests.length = 0;
  });

  after(async () => {
    await fake.stop();
  });

  const bearer = (): ServerSettings['access'] => ({ kind: 'bearer', tokenFile: folder.at('token') });
  const basic = (): ServerSettings['access'] => ({
    kind: 'basic',
    username: 'u',
    passwordFile: folder.at('password'),
  });
  const sent = () => fake.requests.map(({ headers }) => headers.authorization);

  it('is by name and password, whatever letters they have', async () => {
    folder.write('password', `${secretMark} ü:1\n`);
    wanted = `Basic ${Buffer.from(`u:${secretMark} ü:1`).toString('base64')}`;
    assert.equal((await clientOf(fake.url(), { access: basic() }).ask()).kind, 'series');
  });

  it('is by a token', async () => {
    folder.write('token', `${secretMark}-1\r\n`);
    wanted = `Bearer ${secretMark}-1`;
    assert.equal((await clientOf(fake.url(), { access: bearer() }).ask()).kind, 'series');
  });

  it('has extra headers, those in files as they change', async () => {
    const headers = {
      'X-Scope-OrgID': 'team-a',
      'X-Api-Key': { file: folder.write('key', `${secretMark}-key\n`) },
    };
    const { ask } = clientOf(fake.url(), { headers }, { fileAgeMs: 0 });
    await ask();
    folder.write('key', `${secretMark}-new`);
    await ask();
    assert.deepEqual(
      fake.requests.map(({ headers: got }) => [got['x-scope-orgid'], got['x-api-key']]),
      [
        ['team-a', `${secretMark}-key`],
        ['team-a', `${secretMark}-new`],
      ],
    );
  });

  for (const [what, access, hint] of [
    [
      'a password',
      basic,
      /refuses the credentials \(401\): check basicAuth\.username and basicAuth\.passwordFile$/,
    ],
    ['a token', bearer, /refuses the credentials \(401\): check bearerTokenFile$/],
  ] as const) {
    it(`says which setting to look at where ${what} is refused`, async () => {
      folder.write('password', secretMark);
      folder.write('token', secretMark);
      wanted = 'something else';
      const { ask, outcomes, breaker } = clientOf(fake.url(), { access: access() });
      for (let times = 0; times < 6; times++) assert.match(reasonOf(await ask()), hint);
      assert.deepEqual([new Set(outcomes), breaker], [new Set(['denied']), []]);
      assert.equal(fake.requests.length, 6);
    });
  }

  it('goes on with a rotated token at the first refusal of the old one', async () => {
    folder.write('token', `${secretMark}-old`);
    wanted = `Bearer ${secretMark}-old`;
    const { ask, outcomes } = clientOf(fake.url(), { access: bearer() }, { fileAgeMs: 3_600_000 });
    await ask();
    folder.write('token', `${secretMark}-new`);
    await ask();
    wanted = `Bearer ${secretMark}-new`;
    assert.equal((await ask()).kind, 'series');
    assert.deepEqual(
      sent(),
      ['old', 'old', 'old', 'new'].map((end) => `Bearer ${secretMark}-${end}`),
    );
    assert.deepEqual(new Set(outcomes), new Set(['answered']));
  });

  it('uses a rotated token before the old one is refused, once the file is looked at again', async () => {
    folder.write('token', `${secretMark}-old`);
    const { ask } = clientOf(fake.url(), { access: bearer() }, { fileAgeMs: 0 });
    await ask();
    folder.write('token', `${secretMark}-new`);
    await ask();
    assert.deepEqual(
      sent(),
      ['old', 'new'].map((end) => `Bearer ${secretMark}-${end}`),
    );
  });

  for (const [what, text, problem] of [
    ['is empty', '\n', /holds nothing$/],
    ['holds two lines', `${secretMark}\n${secretMark}`, /holds more than one line$/],
    ['holds what no header can have', `${secretMark} ü`, /holds characters that no header can have$/],
  ] as const) {
    it(`does not ask with a token whose file ${what}`, async () => {
      folder.write('token', text);
      const { ask, outcomes } = clientOf(fake.url(), { access: bearer() });
      const reason = reasonOf(await ask());
      assert.match(reason, /cannot be asked: bearerTokenFile \S+token /);
      assert.match(reason, problem);
      assert.deepEqual([fake.requests.length, outcomes], [0, ['denied']]);
    });
  }

  it('does not ask with a password that is not there, and asks as soon as it is', async () => {
    rmSync(folder.at('password'), { force: true });
    const { ask } = clientOf(fake.url(), { access: basic() });
    assert.match(reasonOf(await ask()), /basicAuth\.passwordFile \S+ cannot be read: there is no such file$/);
    folder.write('password', secretMark);
    assert.equal((await ask()).kind, 'series');
  });

  for (const [what, access] of [
    ['password', basic],
    ['token', bearer],
  ] as const) {
    it(`tells nothing of an error in which a server repeats the ${what}`, async () => {
      folder.write('password', secretMark);
      folder.write('token', secretMark);
      const echo = await FakeServer.start((request, response) => {
        const { authorization = '' } = request.headers;
        sendJson(response, apiError('bad_data', `who is ${authorization} or ${secretMark}?`), 400);
      });
      const { ask } = clientOf(echo.url(), { access: access() });
      assert.match(
        reasonOf(await ask()),
        /refuses the query \(400\) bad_data: \(its words are not shown: they repeat the credentials\)$/,
      );
      echo.handler = (request, response) => {
        sendJson(response, { ...healthy, warnings: [`${request.headers.authorization ?? ''} is slow`] });
      };
      assert.match(reasonOf(await ask(), 'partial'), /not shown/);
      await echo.stop();
    });
  }
});
