import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { answering, FakeServer, sendJson } from './support/fake-server.js';
import { healthy, matrix, oneSeries } from './support/answers.js';
import { clientOf, reasonOf, seriesOf, someQuery } from './support/client.js';

describe('what a Prometheus server is asked', () => {
  let fake: FakeServer;
  const signal = new AbortController().signal;

  before(async () => {
    fake = await FakeServer.start(answering(healthy));
  });

  beforeEach(() => {
    fake.requests.length = 0;
    fake.handler = answering(healthy);
  });

  after(async () => {
    await fake.stop();
  });

  it('is a form for a range, with what makes every kind of server answer in full', async () => {
    const { ask, queries } = clientOf(fake.url());
    assert.deepEqual(seriesOf(await ask()), [
      {
        labels: oneSeries.metric,
        timesMs: [1_760_000_000_000, 1_760_000_060_000, 1_760_000_120_000],
        values: [1, 5, 9],
      },
    ]);
    const [request] = fake.requests;
    assert.ok(request !== undefined);
    assert.equal(`${request.method} ${request.url}`, 'POST /api/v1/query_range');
    assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(request.headers['accept-encoding'], 'identity');
    assert.equal(request.headers.authorization, undefined);
    const { timeout, ...fields } = Object.fromEntries(request.form);
    assert.deepEqual(fields, {
      query: someQuery.expression,
      start: '1760000000.000',
      end: '1760000120.500',
      step: '60.000',
      nocache: '1',
      partial_response: 'false',
      deny_partial_response: '1',
    });
    assert.ok(Number(timeout) > 1 && Number(timeout) <= 5, timeout);
    assert.deepEqual(
      queries.map(({ bytes }) => bytes),
      [JSON.stringify(healthy).length],
    );
  });

  it('is a form for an instant', async () => {
    const { server } = clientOf(fake.url());
    const expression = 'requests_total{app="ü&=+"}[5m]';
    const answer = await server.query({ kind: 'instant', expression, atMs: 1_760_000_000_123 }, signal);
    assert.equal(answer.kind, 'series');
    const [request] = fake.requests;
    assert.equal(request?.url, '/api/v1/query');
    assert.equal(request.form.get('query'), expression);
    assert.equal(request.form.get('time'), '1760000000.123');
    assert.equal(request.form.has('start'), false);
  });

  for (const [prefix, path] of [
    ['/', '/api/v1/query_range'],
    ['/prometheus', '/prometheus/api/v1/query_range'],
    ['/select/0/prometheus/', '/select/0/prometheus/api/v1/query_range'],
  ] as const) {
    it(`goes to ${path} for an API below ${prefix}`, async () => {
      assert.equal((await clientOf(`${fake.url()}${prefix}`).ask()).kind, 'series');
      assert.equal(fake.requests[0]?.url, path);
    });
  }

  it('tells how long the query took and how large the answer was', async () => {
    const answer = await clientOf(fake.url()).ask();
    assert.ok(answer.kind === 'series');
    assert.equal(answer.bytes, JSON.stringify(healthy).length);
    assert.ok(answer.elapsedMs > 0 && answer.elapsedMs < 5000);
  });

  it('comes over connections that are kept', async () => {
    const { ask, server } = clientOf(fake.url());
    for (let times = 0; times < 3; times++) await ask();
    assert.equal(new Set(fake.requests.map(({ connection }) => connection)).size, 1);
    server.close();
  });

  it('leaves nothing behind with a caller that asks much', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', onWarning);
    const { ask, server } = clientOf(fake.url(), { concurrency: 30 });
    await Promise.all(Array.from({ length: 60 }, () => ask(signal)));
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
    server.close();
  });

  it('reads an answer of 15,000 series', async () => {
    const result = Array.from({ length: 15_000 }, (_, index) => ({
      metric: { pod: String(index % 1000), le: String(Math.floor(index / 1000)) },
      values: [[1_760_000_000, '1']],
    }));
    fake.handler = answering(matrix(result));
    assert.equal(seriesOf(await clientOf(fake.url()).ask()).length, 15_000);
    fake.handler = answering(matrix(result));
    const reason = reasonOf(await clientOf(fake.url(), { maxSeries: 14_999 }).ask());
    assert.match(reason, /more than 14999 series \(maxSeries\)/);
  });

  describe('for the labels of series', () => {
    const lookup = { selectors: ['up', 'down{a="b"}'], startMs: 1000, endMs: 2500, limit: 2 };
    const data = [{ a: '1' }, { a: '2' }, { a: '3' }];

    it('names the selectors, the time and one more than the limit', async () => {
      fake.handler = answering({ status: 'success', data: data.slice(0, 2) });
      const answer = await clientOf(fake.url()).server.seriesOf(lookup, signal);
      assert.deepEqual(answer, { kind: 'labels', series: data.slice(0, 2), isTruncated: false });
      const [request] = fake.requests;
      assert.match(`${request?.method ?? ''} ${request?.url ?? ''}`, /^GET \/api\/v1\/series\?/);
      assert.deepEqual(request?.form.getAll('match[]'), lookup.selectors);
      assert.equal(request.form.get('start'), '1.000');
      assert.equal(request.form.get('end'), '2.500');
      assert.equal(request.form.get('limit'), '3');
    });

    it('reads no further than the limit, whatever comes behind it', async () => {
      fake.handler = answering({ status: 'success', data, warnings: ['results truncated due to limit'] });
      const answer = await clientOf(fake.url()).server.seriesOf(lookup, signal);
      assert.deepEqual(answer, { kind: 'labels', series: data.slice(0, 2), isTruncated: true });
    });

    for (const [what, body, kind, reason] of [
      [
        'warnings',
        { status: 'success', data: [], warnings: ['a store is down'] },
        'partial',
        /a store is down/,
      ],
      ['series that are none', { status: 'success', data: [{ a: 1 }] }, 'unavailable', /something else/],
      ['no list', { status: 'success', data: {} }, 'unavailable', /something else/],
      ['another limit', { status: 'success', data: [{ a: 'x'.repeat(2000) }] }, 'unavailable', /1\.5 KiB/],
    ] as const) {
      it(`refuses ${what}`, async () => {
        fake.handler = answering(body);
        const { server } = clientOf(fake.url(), { maxResponseBytes: 1536 });
        assert.match(reasonOf(await server.seriesOf(lookup, signal), kind), reason);
      });
    }
  });

  describe('for what it is', () => {
    const ask = (status: number, body: unknown) => {
      fake.handler = (_, response) => {
        sendJson(response, body, status);
      };
      return clientOf(fake.url()).server.buildInfo(signal);
    };

    it('reads name and version where they are told', async () => {
      const data = { application: 'Grafana Mimir', version: '2.14.0', revision: 'x' };
      assert.deepEqual(await ask(200, { status: 'success', data }), {
        kind: 'build',
        application: 'Grafana Mimir',
        version: '2.14.0',
      });
      assert.equal(fake.requests[0]?.url.split('?')[0], '/api/v1/status/buildinfo');
    });

    it('takes a server that does not tell as it is', async () => {
      assert.deepEqual(await ask(200, { status: 'success', data: {} }), { kind: 'build' });
      assert.deepEqual(await ask(200, { status: 'success', data: { version: 'a\nb' } }), { kind: 'build' });
      assert.deepEqual(await ask(404, 'not found'), { kind: 'build' });
    });

    it('says what is wrong otherwise', async () => {
      assert.match(reasonOf(await ask(500, 'x')), /fails \(500\)/);
      assert.match(reasonOf(await ask(200, { status: 'success' })), /something else/);
    });
  });
});
