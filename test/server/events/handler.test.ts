import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudEvent, HTTP } from 'cloudevents';
import { rawAnswer } from '../support/raw-answer.js';
import { EventsServer, eventMs, type EventAnswer } from './events-server.js';
import { kserveEvent } from './wire-events.js';

const path = '/v1/events/ml/fraud/v2';

/** The path and message of the first wrong field that an answer names. */
function firstError({ body }: EventAnswer): readonly [string, string] {
  const { errors } = body as { errors: readonly [{ path: string; message: string }] };
  return [errors[0].path, errors[0].message];
}

describe('POST /v1/events/{namespace}/{model}/{version}', () => {
  let server: EventsServer;
  const start = async (...parameters: Parameters<typeof EventsServer.start>): Promise<void> => {
    server = await EventsServer.start(...parameters);
  };
  afterEach(() => server.close());

  it('answers with JSON, its own id or that of the caller, and is not to be cached', async () => {
    await start();
    const { headers, body } = kserveEvent('response');
    const answer = await server.post(path, JSON.stringify(body), { ...headers, 'X-Request-Id': 'mine-1' });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { result: 'taken' });
    assert.equal(answer.headers.get('x-request-id'), 'mine-1');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  });

  it('counts its requests like every other route', async () => {
    await start();
    await server.send(kserveEvent('response'));
    const text = await server.metrics.registry.metrics();
    assert.match(
      text,
      /ml_verdict_http_requests_total\{route="\/v1\/events\/:namespace\/:model\/:version",method="POST",status="200"\} 1/,
    );
  });

  it('reads names as they are encoded, doubled slashes, a slash at the end and a query', async () => {
    await start();
    const { headers, body } = kserveEvent('response');
    const odd = '/v1//events/ml/a%2Fb%20c/v%C3%A9/?x=1';
    assert.equal((await server.post(odd, JSON.stringify(body), headers)).status, 200);
    await server.events.flush();
    const answer = await server.ledger.observe({
      namespace: 'ml',
      model: 'a/b c',
      canary: 'vé',
      asOfMs: eventMs + 120_000,
    });
    assert.equal(answer.kind, 'observations');
  });

  for (const target of [
    'http://other.example:8080/v1/events/ml/fraud/v2',
    'HTTPS://other.example/v1/events/ml/fraud/v2?x=1',
    '/V1/Events/ml/fraud/v2',
    '/v1/events/ml/fraud/v2#x',
    '/v1/events/ml/fraud/v2#x?y',
    '/v1/events/ml/fraud/v2?x#y',
  ]) {
    it(`takes an event for fraud v2 that is sent to ${target}`, async () => {
      await start();
      const { headers } = kserveEvent('response');
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const lines = [`POST ${target} HTTP/1.1`, 'Host: x', ...head, 'Connection: close', 'Content-Length: 5'];
      assert.match(await rawAnswer(server.port, [...lines, '', '[0.5]'].join('\r\n')), /^HTTP\/1\.1 200 /);
      assert.equal((await server.counts())?.requests, 1);
    });
  }

  for (const [what, other] of [
    ['too few names', '/v1/events/ml/fraud'],
    ['too many names', '/v1/events/ml/fraud/v2/x'],
    ['a control character', '/v1/events/ml/fraud/v%0a'],
    ['a broken encoding', '/v1/events/ml/fraud/%E0%A4%A'],
    ['a name that is too long', `/v1/events/ml/fraud/${'v'.repeat(254)}`],
    ['another route', '/v1/eventsx/ml/fraud/v2'],
  ] as const) {
    it(`leaves a path with ${what} to the routes`, async () => {
      await start();
      const { headers } = kserveEvent('response');
      const answer = await fetch(server.url + other, { method: 'POST', body: '{}', headers });
      assert.equal(await answer.text(), 'left to the routes');
    });
  }

  it('leaves other methods to the routes', async () => {
    await start();
    const answer = await fetch(server.url + path, { method: 'PUT', body: '{}' });
    assert.equal(await answer.text(), 'left to the routes');
  });

  for (const [what, field, headers] of [
    ['no attributes at all', 'type', { 'Ce-Type': '' }],
    ['a type that no payload logger has', 'type', { 'Ce-Type': 'com.example.order' }],
    ['no id', 'id', { 'Ce-Id': '' }],
    ['an id that is too long', 'id', { 'Ce-Id': 'x'.repeat(513) }],
    ['a version of CloudEvents that is not known', 'specversion', { 'Ce-Specversion': '2.0' }],
    ['a time that is none', 'time', { 'Ce-Time': 'yesterday' }],
    ['a time long ago', 'time', { 'Ce-Time': '2025-11-01T00:00:00Z' }],
    ['a time ahead', 'time', { 'Ce-Time': '2026-01-05T12:06:00Z' }],
  ] as const) {
    it(`answers 400 for ${what} and names the attribute`, async () => {
      await start();
      const event = kserveEvent('response', { headers });
      const answer = await server.post(path, JSON.stringify(event.body), event.headers);
      assert.equal(answer.status, 400);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.equal(firstError(answer)[0], field);
      assert.deepEqual(await server.results(), { invalid: 1 });
      assert.equal(await server.counts(), undefined);
    });
  }

  it('answers a plain POST with what it expects', async () => {
    await start();
    const answer = await server.post(path, '{"predictions":[0.5]}', {});
    assert.deepEqual(firstError(answer)[0], 'type');
    assert.match(firstError(answer)[1], /org\.kubeflow\.serving\.inference\.response/);
  });

  it('never tells an id, nor anything of a body', async () => {
    await start();
    const { headers } = kserveEvent('response', { id: `secret-${'x'.repeat(512)}` });
    await server.post(path, '{"predictions":["secret"]}', headers);
    await server.send(kserveEvent('response', { id: 'secret', body: { predictions: ['secret'] } }));
    await server.send(kserveEvent('response', { id: 'secret-2', body: 'secret, no JSON' }));
    const structured = { 'Content-Type': 'application/cloudevents+json' };
    const answer = await server.post(path, '{"id":"secret","data":"secret"}', structured);
    await server.events.flush();
    const told = [
      JSON.stringify(answer.body),
      ...server.logged,
      await server.metrics.registry.metrics(),
    ].join('\n');
    assert.doesNotMatch(told, /secret/);
  });

  it('takes what the CloudEvents library sends, in both modes and with bytes', async () => {
    await start();
    const data = { predictions: [0.25] };
    const event = (id: string): CloudEvent<unknown> =>
      new CloudEvent({
        id,
        type: 'org.kubeflow.serving.inference.response',
        source: '/agent',
        time: new Date(eventMs).toISOString(),
        datacontenttype: 'application/json',
        data,
      });
    const bytes = event('c').cloneWith({ data: Buffer.from(JSON.stringify(data)) });
    for (const message of [HTTP.binary(event('a')), HTTP.structured(event('b')), HTTP.structured(bytes)]) {
      const headers = Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
      );
      const answer = await server.post(path, String(message.body), headers);
      assert.deepEqual([answer.status, answer.body], [200, { result: 'taken' }]);
    }
    assert.equal((await server.counts())?.requests, 3);
    assert.deepEqual(await server.results(), { counted: 3 });
  });

  for (const [what, field, body] of [
    ['not JSON', '', '{'],
    ['no object', '', '[]'],
    ['without an id', 'id', '{"specversion":"1.0","type":"t","source":"s"}'],
    ['of another type', 'type', '{"specversion":"1.0","type":"t","source":"s","id":"a"}'],
    [
      'with a time that is none',
      '',
      '{"specversion":"1.0","type":"org.kubeflow.serving.inference.response","source":"s","id":"a","time":"x"}',
    ],
  ] as const) {
    it(`answers 400 for an event in structured mode that is ${what}`, async () => {
      await start();
      const answer = await server.post(path, body, {
        'Content-Type': 'application/cloudevents+json; charset=utf-8',
      });
      assert.equal(answer.status, 400);
      assert.equal(firstError(answer)[0], field);
      assert.equal(server.events.budget.held, 0);
    });
  }

  it('takes an event in binary mode whose body is an event: the Content-Type is that of the request', async () => {
    await start();
    await server.send(
      kserveEvent('response', { headers: { 'Content-Type': 'application/cloudevents+json' } }),
    );
    assert.deepEqual(await server.counts().then((counts) => counts?.requests), 1);
  });

  it('lets in who has the scope for the model, and nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-tokens-'));
    try {
      const tokens = ['fraud-team', 'churn-team', 'reader'].map((name) => {
        const file = join(folder, name);
        writeFileSync(file, `token-of-the-${name}`);
        return {
          name,
          files: [file],
          scopes: name === 'reader' ? ['read'] : ['ingest'],
          models: [name.replace('-team', '')],
        };
      });
      await start({ config: { access: { tokens }, models: { open: { events: { access: 'open' } } } } });
      const statusWith = async (token?: string, to = path): Promise<number> => {
        const { headers, body } = kserveEvent('response', { id: `by ${token ?? ''}` });
        const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
        return (await server.post(to, JSON.stringify(body), { ...headers, ...authorization })).status;
      };
      assert.equal(await statusWith('token-of-the-fraud-team'), 200);
      assert.equal(await statusWith('token-of-the-churn-team'), 403);
      assert.equal(await statusWith('token-of-the-reader'), 403);
      assert.equal(await statusWith('token-of-nobody-here'), 401);
      assert.equal(await statusWith(), 401);
      assert.equal(await statusWith(undefined, '/v1/events/ml/open/v1'), 200);
      assert.equal((await server.counts())?.requests, 1);
      assert.deepEqual(await server.results(), { counted: 2, denied: 4 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('logs each event at debug: its ids and its route, nothing of the path', async () => {
    await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await server.send(kserveEvent('response', { headers: { 'X-Request-Id': 'mine-1', traceparent } }));
    const lines = server.logged.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const [line, ...others] = lines.filter(({ msg }) => msg === 'request');
    assert.equal(others.length, 0);
    assert.equal(line?.['level'], 'debug');
    assert.equal(line['requestId'], 'mine-1');
    assert.equal(line['traceId'], '0af7651916cd43dd8448eb211c80319c');
    assert.equal(line['route'], '/v1/events/:namespace/:model/:version');
    assert.deepEqual([line['method'], line['status']], ['POST', 200]);
    assert.doesNotMatch(JSON.stringify(lines), /fraud/);
  });

  it('answers a body that never ends, and cuts it off', async () => {
    await start({ config: { events: { bodyLimit: '1KiB' } } });
    const { headers } = kserveEvent('response');
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: x',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'Content-Length: 1000000000',
    ].join('\r\n');
    const answer = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(`${head}\r\n\r\n`);
        const piece = 'x'.repeat(16_384);
        const write = (): void => {
          while (!socket.destroyed && socket.write(piece));
        };
        socket.on('drain', write);
        write();
      });
      socket.on('data', (text) => (received += text.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(received);
      });
    });
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.equal((await server.counts())?.requests, 1);
  });

  it('counts nothing of a request that breaks off', async () => {
    await start();
    const { headers } = kserveEvent('response');
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        [`POST ${path} HTTP/1.1`, 'Host: x', ...head, 'Content-Length: 100', '', '{'].join('\r\n'),
      );
    });
    while (server.events.budget.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while (server.events.budget.held > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await server.counts(), undefined);
    assert.deepEqual(await server.results(), { broken: 1 });
  });

  it('answers HTTP/1.0 and a request without a body', async () => {
    await start();
    const { headers } = kserveEvent('request', { body: '' });
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const answer = await rawAnswer(server.port, [`POST ${path} HTTP/1.0`, ...head, '', ''].join('\r\n'));
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.deepEqual(await server.results(), { ignored: 1 });
  });
});
