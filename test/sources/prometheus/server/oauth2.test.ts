import assert from 'node:assert/strict';
import type { ServerSettings } from '../../../../src/sources/prometheus/server/index.js';
import type { ServerTimes } from '../../../../src/sources/prometheus/server/server-times.js';
import { until } from '../../../support/until.js';
import { healthy } from './support/answers.js';
import { authority, identity } from './support/certificates.js';
import { clientOf, reasonOf, secretMark } from './support/client.js';
import { answering, FakeServer, sendJson, type Handler } from './support/fake-server.js';
import { SecretFolder } from './support/secret-folder.js';

describe('access to a Prometheus server by OAuth2', () => {
  const folder = new SecretFolder();
  let fake: FakeServer;
  let issuer: FakeServer;
  /** Tokens that the server takes. */
  let valid: Set<string>;
  let issued: number;
  let lifeSeconds: unknown;

  const issue: Handler = (_, response) => {
    issued += 1;
    const token = `${secretMark}-token-${issued}`;
    valid.add(`Bearer ${token}`);
    sendJson(response, { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds });
  };

  before(async () => {
    fake = await FakeServer.start((request, response) => {
      const isRight = valid.has(request.headers.authorization ?? '');
      if (isRight) sendJson(response, healthy);
      else response.writeHead(401).end();
    });
    issuer = await FakeServer.start(issue);
  });

  beforeEach(() => {
    valid = new Set();
    issued = 0;
    lifeSeconds = 3600;
    issuer.handler = issue;
    fake.requests.length = 0;
    issuer.requests.length = 0;
    folder.write('secret', `${secretMark}&+1\n`);
  });

  after(async () => {
    await fake.stop();
    await issuer.stop();
  });

  function client(times: Partial<ServerTimes> = {}, changed: Partial<ServerSettings> = {}) {
    const access = {
      kind: 'oauth2',
      tokenUrl: `${issuer.url()}/oauth2/token`,
      clientId: 'ml verdict:1',
      clientSecretFile: folder.at('secret'),
      scopes: ['read', 'metrics'],
    } as const;
    return clientOf(fake.url(), { access, ...changed }, { tokenPauseMs: 0, fileAgeMs: 0, ...times });
  }

  it('asks the issuer as the standard has it', async () => {
    assert.equal((await client().ask()).kind, 'series');
    const [request] = issuer.requests;
    assert.equal(`${request?.method ?? ''} ${request?.url ?? ''}`, 'POST /oauth2/token');
    assert.deepEqual(Object.fromEntries(request?.form ?? []), {
      grant_type: 'client_credentials',
      scope: 'read metrics',
    });
    const encoded = `ml+verdict%3A1:${secretMark}%26%2B1`;
    assert.equal(request?.headers.authorization, `Basic ${Buffer.from(encoded).toString('base64')}`);
  });

  it('asks for one token for all queries that wait, and keeps it', async () => {
    const { ask } = client();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask()));
    assert.ok(answers.every(({ kind }) => kind === 'series'));
    await ask();
    assert.equal(issuer.requests.length, 1);
  });

  for (const [what, life, times, expected] of [
    ['shortly before it expires', 10, { tokenEarlyMs: 9000 }, 1],
    ['not before nine tenths of its life', 3600, { tokenEarlyMs: 3_600_000 }, 1],
    ['when it has expired', 0, {}, 2],
    ['when a life told as text has passed', '0', {}, 2],
    ['after a while where its life is not told', undefined, { tokenLifeMs: 0 }, 2],
  ] as const) {
    it(`renews a token ${what}`, async () => {
      lifeSeconds = life;
      const { ask } = client(times);
      await ask();
      assert.equal((await ask()).kind, 'series');
      assert.equal(issuer.requests.length, expected);
    });
  }

  it('renews a token that the server refuses, once for all queries, and asks again', async () => {
    const { ask, outcomes } = client({ tokenPauseMs: 60_000 });
    await ask();
    valid.clear();
    const answers = await Promise.all([ask(), ask(), ask()]);
    assert.ok(answers.every(({ kind }) => kind === 'series'));
    assert.equal(issuer.requests.length, 2);
    assert.deepEqual(new Set(outcomes), new Set(['answered']));
  });

  it('does not renew a token again and again where the server refuses every one', async () => {
    const { ask } = client({ tokenPauseMs: 60_000 });
    issuer.handler = (_, response) => {
      issued += 1;
      sendJson(response, { access_token: `${secretMark}-${issued}`, token_type: 'bearer', expires_in: 3600 });
    };
    for (let times = 0; times < 4; times++) {
      assert.match(reasonOf(await ask()), /refuses the credentials \(401\): check the client of oauth2/);
    }
    assert.equal(issuer.requests.length, 2);
    assert.equal(fake.requests.length, 5);
  });

  it('reads the secret anew when a token is refused', async () => {
    const { ask } = client({ fileAgeMs: 3_600_000 });
    await ask();
    folder.write('secret', `${secretMark}-new`);
    valid.clear();
    assert.equal((await ask()).kind, 'series');
    const last = issuer.requests.at(-1)?.headers.authorization ?? '';
    assert.match(Buffer.from(last.slice('Basic '.length), 'base64').toString(), /-new$/);
  });

  for (const [what, handler, outcome, reason] of [
    [
      'refuses the client',
      answering({ error: 'invalid_client', error_description: secretMark }, 401),
      'denied',
      /issuer at oauth2\.tokenUrl refuses the client \(401 invalid_client\): check oauth2\.clientId, clientSecretFile/,
    ],
    [
      'says something of its own',
      answering({ error: secretMark }, 400),
      'denied',
      /refuses the client \(400\): check/,
    ],
    ['is broken', answering(secretMark, 500), 'failed', /oauth2\.tokenUrl fails \(500\)$/],
    [
      'is not there',
      (_: unknown, response: Parameters<Handler>[1]) => void response.destroy(),
      'unreachable',
      /oauth2\.tokenUrl broke off/,
    ],
    [
      'answers HTML',
      (_: unknown, response: Parameters<Handler>[1]) => void response.end('<html>'),
      'failed',
      /something else than a bearer token$/,
    ],
    [
      'answers another kind of token',
      answering({ access_token: secretMark, token_type: 'mac' }),
      'failed',
      /something else than a bearer token$/,
    ],
    [
      'answers a token that no header can have',
      answering({ access_token: `${secretMark}\n`, token_type: 'bearer' }),
      'failed',
      /something else/,
    ],
    ['answers without an end', answering('x'.repeat(200_000)), 'failed', /more than a token can be$/],
    ['redirects', answering({}, 302), 'denied', /refuses the client \(302\)/],
  ] as const) {
    it(`says so where the issuer ${what}, and does not ask the server`, async () => {
      issuer.handler = handler;
      const { ask, outcomes } = client();
      assert.match(reasonOf(await ask()), reason);
      assert.deepEqual([outcomes, fake.requests.length], [[outcome], 0]);
      issuer.handler = issue;
      assert.equal((await ask()).kind, 'series');
    });
  }

  it('leaves an issuer alone for a while that refused', async () => {
    issuer.handler = answering({ error: 'invalid_client' }, 401);
    const { ask } = client({ tokenPauseMs: 60_000 });
    for (let times = 0; times < 4; times++) reasonOf(await ask());
    assert.equal(issuer.requests.length, 1);
  });

  it('waits for an issuer no longer than the caller does, and goes on for the others', async () => {
    let answer: (() => void) | undefined;
    issuer.handler = (request, response) => {
      answer = () => {
        void issue(request, response);
      };
    };
    const { ask } = client();
    const controller = new AbortController();
    const gone = ask(controller.signal);
    const other = ask();
    await until(() => answer !== undefined);
    controller.abort();
    assert.match(reasonOf(await gone), /deadline of its caller/);
    answer?.();
    assert.equal((await other).kind, 'series');
    assert.equal(issuer.requests.length, 1);
  });

  it('waits for an issuer no longer than the timeout of the server', async () => {
    issuer.handler = () => undefined;
    const { ask, outcomes } = client({}, { timeoutMs: 60 });
    assert.match(reasonOf(await ask()), /had not answered after \d+ ms/);
    assert.deepEqual(outcomes, ['timeout']);
    assert.equal(fake.requests.length, 0);
  });

  it('says that the secret cannot be read', async () => {
    folder.write('secret', '');
    assert.match(
      reasonOf(await client().ask()),
      /cannot be asked: oauth2\.clientSecretFile \S+ holds nothing$/,
    );
    assert.equal(issuer.requests.length, 0);
  });

  it('goes to an issuer by https with the same authorities', async () => {
    const ca = await authority('ours');
    const secure = await FakeServer.start(issue, await identity({ signedBy: ca, ip: '127.0.0.1' }));
    const access = {
      kind: 'oauth2',
      tokenUrl: `${secure.url()}/token`,
      clientId: 'c',
      clientSecretFile: folder.at('secret'),
      scopes: [],
    } as const;
    const trusting = client({}, { access, tls: { caFile: folder.write('ca.pem', ca.cert) } });
    assert.equal((await trusting.ask()).kind, 'series');
    assert.equal(secure.requests[0]?.form.has('scope'), false);
    assert.match(
      reasonOf(await client({}, { access }).ask()),
      /oauth2\.tokenUrl shows a certificate of an authority that is not trusted/,
    );
    trusting.server.close();
    await secure.stop();
  });
});
