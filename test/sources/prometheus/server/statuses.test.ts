import assert from 'node:assert/strict';
import { apiError, healthy } from './support/answers.js';
import { clientOf, reasonOf, secretMark } from './support/client.js';
import { answering, FakeServer, type Handler } from './support/fake-server.js';

describe('a Prometheus server that refuses or fails', () => {
  let fake: FakeServer;

  before(async () => {
    fake = await FakeServer.start(answering(healthy));
  });

  beforeEach(() => {
    fake.requests.length = 0;
  });

  after(async () => {
    await fake.stop();
  });

  const text =
    (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Handler =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
    };

  for (const [what, handler, outcome, reason] of [
    ['401', text(401, secretMark), 'denied', /refuses the credentials \(401\): none are set: set basicAuth/],
    ['403', text(403, secretMark), 'denied', /does not allow the query \(403\): check/],
    [
      '404',
      text(404, secretMark),
      'rejected',
      /no query API at \/api\/v1\/query_range \(404\): check the path in url/,
    ],
    [
      'a redirect',
      text(302, '', { location: `http://x/?${secretMark}` }),
      'rejected',
      /redirects .*\(302\).*not followed/,
    ],
    [
      'a query it does not understand',
      answering(apiError('bad_data', 'parse error: unexpected "}"'), 400),
      'rejected',
      /refuses the query \(400\) bad_data: parse error: unexpected "}"$/,
    ],
    [
      '400 without words',
      text(400, secretMark),
      'rejected',
      /refuses the query \(400\): check url.*begin with https$/,
    ],
    [
      'a query it cannot run, in the words of VictoriaMetrics',
      answering(apiError('422', 'unexpected token'), 422),
      'rejected',
      /cannot answer the query \(422\): unexpected token$/,
    ],
    [
      'a query it cannot run',
      answering(apiError('execution', 'too many samples'), 422),
      'rejected',
      /cannot answer the query \(422\) execution: too many samples$/,
    ],
    ['a query that is too long', text(413, secretMark), 'rejected', /cannot answer the query \(413\)$/],
    ['429', text(429, secretMark), 'failed', /takes no more queries now \(429\)$/],
    [
      '429 with words',
      answering(apiError('too_many_requests', 'rate limit'), 429),
      'failed',
      /\(429\) too_many_requests: rate limit$/,
    ],
    ['500', text(500, `<html>${secretMark}</html>`), 'failed', /fails \(500\)$/],
    [
      '500 with words',
      answering(apiError('internal', 'disk full'), 500),
      'failed',
      /fails \(500\) internal: disk full$/,
    ],
    [
      'a query that took too long',
      answering(apiError('timeout', 'query timed out'), 503),
      'failed',
      /fails \(503\) timeout: query timed out$/,
    ],
    ['502 from a proxy', text(502, '<html>Bad Gateway</html>'), 'failed', /fails \(502\)$/],
    ['204', text(204, ''), 'failed', /status 204/],
    [
      'JSON of something else',
      answering({ status: 'error', message: secretMark }, 500),
      'failed',
      /fails \(500\)$/,
    ],
    ['an endless error', text(500, 'x'.repeat(1_000_000)), 'failed', /fails \(500\)$/],
    ['a compressed answer', text(200, 'x', { 'content-encoding': 'gzip' }), 'failed', /compression/],
    ['HTML', text(200, `<html>${secretMark}</html>`), 'failed', /answers HTML in place of JSON/],
  ] as const) {
    it(`${what}: says so`, async () => {
      fake.handler = handler;
      const { ask, outcomes, server } = clientOf(fake.url());
      assert.match(reasonOf(await ask()), reason);
      assert.deepEqual(outcomes, [outcome]);
      server.close();
    });
  }

  it('tells a partial answer as such', async () => {
    fake.handler = answering({ ...healthy, warnings: ['store gateway 2 is down'] });
    const { ask, outcomes } = clientOf(fake.url());
    assert.match(reasonOf(await ask(), 'partial'), /answers only in part: store gateway 2 is down$/);
    assert.deepEqual(outcomes, ['partial']);
  });

  describe('is asked once more', () => {
    /** Fails as given the first time and answers the second time. */
    function once(handler: Handler): void {
      let times = 0;
      fake.handler = (request, response) => {
        times += 1;
        return times === 1 ? handler(request, response) : answering(healthy)(request, response);
      };
    }

    for (const [what, handler] of [
      ['after 502', text(502, '')],
      ['after 503 without words of the API', text(503, 'starting')],
      ['after 504', text(504, '')],
      ['after 429 that names a short pause', text(429, '', { 'retry-after': '0' })],
    ] as const) {
      it(what, async () => {
        once(handler);
        const { ask, outcomes } = clientOf(fake.url());
        assert.equal((await ask()).kind, 'series');
        assert.equal(fake.requests.length, 2);
        assert.deepEqual(outcomes, ['answered']);
      });
    }

    for (const [what, handler] of [
      ['after 500', text(500, '')],
      ['after 503 that says that the query took too long', answering(apiError('timeout', 'x'), 503)],
      ['after 429 without a pause', text(429, '')],
      ['after 429 that names a long pause', text(429, '', { 'retry-after': '30' })],
      ['after 503 that names a long pause', text(503, '', { 'retry-after': '30' })],
      ['after 401, where it would say the same', text(401, '')],
      ['after 404', text(404, '')],
    ] as const) {
      it(`not ${what}`, async () => {
        once(handler);
        assert.equal((await clientOf(fake.url()).ask()).kind, 'unavailable');
        assert.equal(fake.requests.length, 1);
      });
    }

    it('and not a third time', async () => {
      fake.handler = text(503, '');
      assert.match(reasonOf(await clientOf(fake.url()).ask()), /fails \(503\)/);
      assert.equal(fake.requests.length, 2);
    });

    it('and not when the pause would outlast the deadline', async () => {
      fake.handler = text(503, '', { 'retry-after': '1' });
      assert.match(reasonOf(await clientOf(fake.url(), { timeoutMs: 900 }).ask()), /fails \(503\)/);
      assert.equal(fake.requests.length, 1);
    });

    it('and not after the caller gave up in the pause', async () => {
      const controller = new AbortController();
      fake.handler = (_, response) => {
        response.writeHead(503).end();
        setTimeout(() => {
          controller.abort();
        }, 20);
      };
      const { ask, outcomes } = clientOf(fake.url(), {}, { retryMs: 1500 });
      assert.match(reasonOf(await ask(controller.signal)), /deadline of its caller/);
      assert.equal(fake.requests.length, 1);
      assert.deepEqual(outcomes, ['aborted']);
    });
  });
});
