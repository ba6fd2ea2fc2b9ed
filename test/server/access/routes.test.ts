import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { refusalReasons } from '../../../src/server/access/index.js';
import { routes } from '../../../src/server/routes/index.js';
import { rawAnswer } from '../support/raw-answer.js';
import { TestService, type TestAnswer } from '../support/test-service.js';
import { bearer, TokenFolder } from './support/token-folder.js';

const scopes = ['verdict', 'ingest', 'read'] as const;
const tokens = {
  verdict: 'secret-for-verdicts',
  ingest: 'secret-for-ingest',
  read: 'secret-for-reading',
  bounded: 'secret-for-bounded',
} as const;

/** Every method of every route as a request. */
const operations = routes.flatMap(({ path, scope, get, post }) =>
  [get === undefined ? [] : ['GET'], post === undefined ? [] : ['POST']].flat().map((method) => ({
    method,
    scope,
    path: path.replaceAll(/[:{](\w+)\}?/g, 'x'),
  })),
);

describe('access to the routes', () => {
  const folder = new TokenFolder();
  let service: TestService;
  let closedMetrics: TestService;

  before(async () => {
    const access = {
      tokens: [
        ...scopes.map((scope) => ({
          name: scope,
          files: [folder.write(scope, tokens[scope])],
          scopes: [scope],
        })),
        {
          name: 'bounded',
          files: [folder.write('bounded', tokens.bounded)],
          scopes: ['read'],
          namespaces: ['team-a'],
        },
      ],
    };
    service = await TestService.start({ config: { access } });
    closedMetrics = await TestService.start({ config: { access: { ...access, metrics: 'read' } } });
  });

  after(async () => {
    await service.close();
    await closedMetrics.close();
    folder.remove();
  });

  const send = (path: string, method: string, headers: Readonly<Record<string, string>> = {}) =>
    service.request(path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });

  function assertRefused(answer: TestAnswer, status: number, challenge: string): void {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers.get('www-authenticate'), challenge);
    assert.equal(answer.headers.get('connection'), 'close');
    assert.match(answer.type, /^application\/problem\+json/);
    const problem = answer.json() as Readonly<Record<string, unknown>>;
    assert.equal(problem['status'], status);
    assert.equal(problem['type'], `urn:ml-verdict:problem:${status === 401 ? 'unauthorized' : 'forbidden'}`);
    assert.deepEqual(problem['errors'], []);
    assert.ok(!answer.text.includes('secret'));
  }

  it('is decided for each: who may use a new one has to be said here as well', () => {
    assert.deepEqual(Object.fromEntries(routes.map(({ path, scope }) => [path, scope])), {
      '/v1/verdict': 'verdict',
      '/v1/predictions': 'ingest',
      '/v1/outcomes': 'ingest',
      // Ahead of that, the config may open a model's events to loggers without credentials.
      '/v1/events/:namespace/:model/:version': 'ingest',
      '/v1/observations': 'read',
      '/v1/verdicts': 'read',
      '/v1/verdicts/:id': 'read',
      '/v1/plan': 'read',
      '/metrics': 'metrics',
      '/healthz': 'open',
      '/readyz': 'open',
      '/openapi.json': 'open',
    });
  });

  for (const { method, path, scope } of operations) {
    if (scope === 'open' || scope === 'metrics') {
      it(`${method} ${path} is for everybody, also with wrong credentials`, async () => {
        for (const headers of [{}, bearer('wrong'), { Authorization: '' }]) {
          assert.equal((await send(path, method, headers)).status, 200);
        }
      });
      continue;
    }

    it(`${method} ${path} takes the scope ${scope}, and nothing else`, async () => {
      assertRefused(await send(path, method), 401, 'Bearer');
      for (const wrong of ['wrong', `${tokens[scope]}x`, tokens[scope].slice(1), 'x'.repeat(4000)]) {
        assertRefused(await send(path, method, bearer(wrong)), 401, 'Bearer error="invalid_token"');
      }
      assertRefused(
        await send(path, method, { Authorization: tokens[scope] }),
        401,
        'Bearer error="invalid_token"',
      );
      for (const other of scopes.filter((one) => one !== scope)) {
        assertRefused(
          await send(path, method, bearer(tokens[other])),
          403,
          `Bearer error="insufficient_scope", scope="${scope}"`,
        );
      }
      const { status } = await send(path, method, bearer(tokens[scope]));
      assert.ok(![401, 403].includes(status), String(status));
    });

    it(`${method} ${path} does not take a token from its query or its body`, async () => {
      const token = tokens[scope];
      for (const name of ['access_token', 'token', 'authorization']) {
        const separator = path.includes('?') ? '&' : '?';
        assertRefused(await send(`${path}${separator}${name}=${token}`, method), 401, 'Bearer');
      }
    });
  }

  it('is not asked for by other methods, HEAD and other spellings of a path either', async () => {
    for (const [method, path] of [
      ['HEAD', '/v1/verdicts'],
      ['DELETE', '/v1/verdicts'],
      ['OPTIONS', '/v1/predictions'],
      ['GET', '/V1/Verdicts'],
      ['GET', '/v1/verdicts/'],
      ['GET', '//v1//verdicts'],
      ['GET', '/v1/%76erdicts'],
    ] as const) {
      const answer = await send(path, method);
      // What is no route of this spelling is no way in either.
      assert.ok([401, 404].includes(answer.status), `${method} ${path}: ${answer.status}`);
    }
    assert.equal((await send('/nowhere', 'GET')).status, 404);
  });

  it('to metrics may be asked for, and takes the right to see every model', async () => {
    const status = async (headers: Readonly<Record<string, string>> = {}) =>
      (await closedMetrics.request('/metrics', { headers })).status;
    assert.equal(await status(), 401);
    assert.equal(await status(bearer('wrong')), 401);
    assert.equal(await status(bearer(tokens.ingest)), 403);
    assert.equal(await status(bearer(tokens.bounded)), 403);
    assert.equal(await status(bearer(tokens.read)), 200);
    assert.equal((await closedMetrics.request('/healthz')).status, 200);
  });

  it('is refused without reading what is being sent', async () => {
    const sent = await new Promise<{ readonly answer: string; readonly bytes: number }>((resolve, reject) => {
      let answer = '';
      let bytes = 0;
      const piece = Buffer.alloc(64 * 1024, ' ');
      const socket = connect(service.port, '127.0.0.1', () => {
        socket.write('POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: 268435456\r\n\r\n');
        const more = (): void => {
          if (answer !== '' || socket.destroyed) return;
          bytes += piece.length;
          socket.write(piece, () => setImmediate(more));
        };
        more();
      });
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('error', (error: Error & { code?: string }) => {
        if (!['EPIPE', 'ECONNRESET'].includes(error.code ?? '')) reject(error);
      });
      socket.on('close', () => {
        resolve({ answer, bytes });
      });
    });
    assert.match(sent.answer, /^HTTP\/1\.1 401 /);
    assert.match(sent.answer, /"urn:ml-verdict:problem:unauthorized"/);
    // A mebibyte is read on, some more lies in the buffers of the connection.
    assert.ok(sent.bytes < 64 * 1024 * 1024, `${sent.bytes} bytes`);
  });

  it('with two headers is refused, over the wire', async () => {
    const answer = await rawAnswer(
      service.port,
      `GET /v1/verdicts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.read}\r\nAuthorization: Bearer x\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 401 /);
  });

  it('is counted by reason and logged with the name of the caller, and never with a token', async () => {
    const count = (reason: string) => service.metric('ml_verdict_access_refusals_total', { reason });
    const before = await Promise.all([...refusalReasons].map(count));
    const logged = service.logged.length;
    await send('/v1/verdicts?x=secret', 'GET');
    await send('/v1/verdicts', 'GET', bearer('secret-of-nobody-at-all'));
    await send('/v1/verdicts', 'GET', { Authorization: 'Basic secret' });
    await send('/v1/verdicts', 'GET', bearer(tokens.ingest));
    const after = await Promise.all([...refusalReasons].map(count));
    const more = refusalReasons.filter((_, index) => after[index] === (before[index] ?? 0) + 1);
    assert.deepEqual(more, [
      'missing-credentials',
      'malformed-credentials',
      'unknown-token',
      'missing-scope',
    ]);
    const lines = service.logged.slice(logged).map((line) => JSON.parse(line) as Record<string, unknown>);
    const refusals = lines.filter((line) => 'reason' in line);
    assert.deepEqual(
      refusals.map(({ level, reason, caller, route }) => [level, reason, caller, route]),
      [
        ['info', 'missing-credentials', undefined, '/v1/verdicts'],
        ['warn', 'unknown-token', undefined, '/v1/verdicts'],
        ['warn', 'malformed-credentials', undefined, '/v1/verdicts'],
        ['warn', 'missing-scope', 'ingest', '/v1/verdicts'],
      ],
    );
    assert.ok(!service.logged.join('').includes('secret'));
  });

  it('says in the help of its metric every reason that there is', async () => {
    const { text } = await service.request('/metrics');
    const help = /# HELP ml_verdict_access_refusals_total (.*)/.exec(text)?.[1] ?? '';
    for (const reason of refusalReasons) assert.ok(help.includes(reason), reason);
  });
});
