import assert from 'node:assert/strict';
import { rawAnswer } from './support/raw-answer.js';
import { TestService } from './support/test-service.js';

describe('the app', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start({ processMetrics: true });
  });

  after(() => service.close());

  const raw = (bytes: string): Promise<string> => rawAnswer(service.port, bytes);

  it('answers an unknown path with 404, problem details and the nearest path', async () => {
    const answer = await service.request('/v1/verdct');
    assert.equal(answer.status, 404);
    assert.match(answer.type, /^application\/problem\+json/);
    const problem = answer.json() as Readonly<Record<string, unknown>>;
    assert.equal(problem['type'], 'urn:ml-verdict:problem:not-found');
    assert.equal(problem['status'], 404);
    assert.match(String(problem['detail']), /did you mean "\/v1\/verdict"\?/);
    assert.deepEqual(problem['errors'], []);
    for (const path of ['/', '/v1', '/v1/verdicts/a/b', '/%2e%2e/etc'])
      assert.equal((await service.request(path)).status, 404, path);
  });

  it('answers a method that a route does not have with 405 and those it has', async () => {
    for (const [path, method, allow] of [
      ['/v1/predictions', 'GET', 'POST'],
      ['/v1/predictions', 'HEAD', 'POST'],
      ['/v1/outcomes', 'OPTIONS', 'POST'],
      ['/v1/observations', 'POST', 'GET, HEAD'],
      ['/v1/verdicts/abc', 'DELETE', 'GET, HEAD'],
      ['/healthz', 'PUT', 'GET, HEAD'],
    ] as const) {
      const answer = await service.request(path, { method });
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get('allow'), allow);
    }
  });

  it('answers HEAD like GET without a body where that cannot be misread', async () => {
    const answer = await service.request('/healthz', { method: 'HEAD' });
    assert.deepEqual([answer.status, answer.text], [200, '']);
  });

  it('answers what is not HTTP with problem details and closes', async () => {
    const malformed = await raw('nonsense\r\n\r\n');
    assert.match(malformed, /^HTTP\/1\.1 400 /);
    assert.match(malformed, /Content-Type: application\/problem\+json/);
    assert.match(malformed, /"type":"urn:ml-verdict:problem:invalid-input"/);
    const large = await raw(`GET /v1/verdict?model=${'m'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(large, /^HTTP\/1\.1 431 /);
    assert.match(large, /"status":431/);
  });

  it('answers what came before garbage on the same connection', async () => {
    const answers = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    assert.match(answers, /^HTTP\/1\.1 200 .*"status":"ok".*HTTP\/1\.1 400 /s);
    const verdict = await raw('GET /v1/verdict?model=m&canary=c HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    assert.match(verdict, /^HTTP\/1\.1 200 .*"verdict":"hold".*HTTP\/1\.1 400 /s);
  });

  it('answers without a Host, and with an expectation that nobody knows', async () => {
    const [withoutHost, expecting] = ['', 'Host: x\r\nExpect: wonders\r\n'].map(
      (headers) => `GET /v1/verdict?model=m&canary=c HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`,
    );
    assert.match(await raw(withoutHost ?? ''), /^HTTP\/1\.1 200 .*"verdict":"hold"/s);
    assert.match(await raw(expecting ?? ''), /^HTTP\/1\.1 200 .*"verdict":"hold"/s);
  });

  it('sends the headers of helmet and never says what it runs on', async () => {
    for (const path of ['/healthz', '/v1/verdict', '/nowhere']) {
      const { headers } = await service.request(path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-powered-by'), null);
    }
  });

  it('gives every answer the id of its request: a plain one of the caller, else a new one', async () => {
    const given = await service.request('/healthz', { headers: { 'X-Request-Id': 'abc-123' } });
    assert.equal(given.headers.get('x-request-id'), 'abc-123');
    const made = await service.request('/nowhere', { headers: { 'X-Request-Id': 'a b"c' } });
    const id = made.headers.get('x-request-id') ?? '';
    assert.match(id, /^[\da-f-]{36}$/);
    assert.equal((made.json() as { instance: string }).instance, `urn:ml-verdict:request:${id}`);
  });

  it('logs one line a request with its id, route pattern and status, and neither path nor query', async () => {
    const before = service.logged.length;
    await service.request('/v1/verdicts/some-id?x=private', { headers: { 'X-Request-Id': 'log-1' } });
    await service.request('/somewhere/private', { headers: { 'X-Request-Id': 'log-2' } });
    await service.request('/healthz', { headers: { 'X-Request-Id': 'log-3' } });
    const lines = service.logged.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    const shown = lines.map((line) => [
      line['requestId'],
      line['route'],
      line['method'],
      line['status'],
      line['level'],
    ]);
    assert.deepEqual(shown, [
      ['log-1', '/v1/verdicts/:id', 'GET', 404, 'info'],
      ['log-2', 'unmatched', 'GET', 404, 'info'],
      ['log-3', '/healthz', 'GET', 200, 'debug'],
    ]);
    assert.ok(!service.logged.join('').includes('private'));
  });

  it('counts and times requests by route pattern', async () => {
    const labels = { route: '/v1/verdicts/:id', method: 'GET', status: '404' };
    const before = await service.metric('ml_verdict_http_requests_total', labels);
    await service.request('/v1/verdicts/one');
    await service.request('/v1/verdicts/two');
    assert.equal(await service.metric('ml_verdict_http_requests_total', labels), before + 2);
    const { route, method } = labels;
    assert.ok(
      (await service.metric('ml_verdict_http_request_duration_seconds_count', { route, method })) >= 2,
    );
    const { text, type } = await service.request('/metrics');
    assert.match(type, /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^process_cpu_seconds_total /m);
    assert.match(text, /^ml_verdict_build_info\{/m);
  });
});
