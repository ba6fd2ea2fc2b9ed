import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  createWebhookReceiver,
  type AlertReceiver,
  type WebhookSettings,
} from '../../../src/progressive/alerts/index.js';
import { authority, identity } from '../../sources/prometheus/server/support/certificates.js';
import {
  answering,
  FakeServer,
  sendJson,
  type Handler,
} from '../../sources/prometheus/server/support/fake-server.js';
import { SecretFolder } from '../../sources/prometheus/server/support/secret-folder.js';
import { alertMessage, atMs } from './support/alert-messages.js';

const signal = new AbortController().signal;

describe('a webhook for alerts', () => {
  const folder = new SecretFolder();
  const running: { stop(): Promise<void> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  async function serve(handler: Handler = answering({}), tls?: Parameters<typeof FakeServer.start>[1]) {
    const fake = await FakeServer.start(handler, tls);
    running.push(fake);
    return fake;
  }

  function receiverOf(url: string, more: Partial<WebhookSettings> = {}): AlertReceiver {
    const settings: WebhookSettings = {
      kind: 'webhook',
      name: 'ops',
      minimumSeverity: 'info',
      address: { kind: 'url', url },
      timeoutMs: 5000,
      headers: {},
      access: { kind: 'none' },
      tls: {},
      secretFiles: [],
      ...more,
    };
    const receiver = createWebhookReceiver(settings, () => atMs + 1500);
    running.push({
      stop: () => {
        receiver.close?.();
        return Promise.resolve();
      },
    });
    return receiver;
  }

  it('gets everything that is known of an alert', async () => {
    const fake = await serve();
    const delivery = await receiverOf(`${fake.url()}/hooks/ml`).deliver(alertMessage('paused'), signal);
    assert.deepEqual(delivery, { kind: 'delivered' });
    const [request] = fake.requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request.url, '/hooks/ml');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers['idempotency-key'], '3f1c2a90-0001-4000-8000-000000000001/1/1/paused');
    assert.equal(request.headers['ml-verdict-signature'], undefined);
    assert.deepEqual(JSON.parse(request.body), {
      schema: 'ml-verdict/alert/v1',
      id: '3f1c2a90-0001-4000-8000-000000000001/1/1/paused',
      key: '1/1/paused',
      kind: 'paused',
      severity: 'warning',
      at: '2026-01-05T10:12:00Z',
      title: 'Canary of fraud-detector is paused at 10 %',
      text: 'error-rate: 2.4 % > 1 %, evidence 120:1 of 80:1 needed',
      next: [
        'See how it stands: `ml-verdict rollout status fraud-detector -n ml`',
        'Go on: `ml-verdict rollout resume fraud-detector -n ml`',
        'Go on without a verdict, to the next stage: `ml-verdict rollout promote fraud-detector -n ml`',
        'Give up, all traffic to the stable version: `ml-verdict rollout abort fraud-detector -n ml`',
      ],
      rollout: {
        name: 'fraud-detector',
        namespace: 'ml',
        uid: '3f1c2a90-0001-4000-8000-000000000001',
      },
      model: 'fraud-detector',
      canary: 'v2',
      stable: 'v1',
      target: 'InferenceService fraud-detector',
      percent: 10,
      verdictId: 'v-0123456789abcdef',
      link: 'https://example.com/rollouts?model=fraud-detector&namespace=ml',
    });
  });

  it('is signed by every secret, which are read again as they change', async () => {
    const fake = await serve();
    const files = [folder.write('old', 'old secret\n'), folder.write('new', 'new secret')];
    const receiver = receiverOf(fake.url(), { secretFiles: files });
    await receiver.deliver(alertMessage('paused'), signal);
    writeFileSync(files[0] ?? '', 'newest secret');
    await receiver.deliver(alertMessage('paused'), signal);
    const seconds = Math.floor((atMs + 1500) / 1000);
    const expected = (body: string, ...secrets: readonly string[]): string =>
      [
        `t=${seconds}`,
        ...secrets.map(
          (secret) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
        ),
      ].join(',');
    const [first, second] = fake.requests;
    assert.equal(
      first?.headers['ml-verdict-signature'],
      expected(first?.body ?? '', 'old secret', 'new secret'),
    );
    assert.equal(
      second?.headers['ml-verdict-signature'],
      expected(second?.body ?? '', 'newest secret', 'new secret'),
    );
  });

  it('gets nothing unsigned where a secret is missing, until it is there', async () => {
    const fake = await serve();
    const receiver = receiverOf(fake.url(), { secretFiles: [folder.at('later')] });
    const delivery = await receiver.deliver(alertMessage('paused'), signal);
    assert.equal(delivery.kind, 'later');
    assert.match('reason' in delivery ? delivery.reason : '', /secretFiles\[0\] .* there is no such file/);
    assert.equal(fake.requests.length, 0);
    folder.write('later', 'here');
    assert.equal((await receiver.deliver(alertMessage('paused'), signal)).kind, 'delivered');
  });

  it('is found by an address in a file, and shown credentials and headers', async () => {
    const fake = await serve();
    const urlFile = folder.write('url', `${fake.url()}/hook?key=hidden\n`);
    const receiver = receiverOf('', {
      address: { kind: 'file', file: urlFile },
      headers: { 'X-Team': 'ml', 'X-Key': { file: folder.write('key', 'from a file') } },
      access: { kind: 'bearer', tokenFile: folder.write('token', 'a-token') },
    });
    assert.equal((await receiver.deliver(alertMessage('paused'), signal)).kind, 'delivered');
    const [request] = fake.requests;
    assert.equal(request?.url, '/hook?key=hidden');
    assert.equal(request.headers.authorization, 'Bearer a-token');
    assert.deepEqual([request.headers['x-team'], request.headers['x-key']], ['ml', 'from a file']);
    writeFileSync(urlFile, 'not an address');
    assert.match(
      JSON.stringify(await receiver.deliver(alertMessage('paused'), signal)),
      /"later".*urlFile .* holds no http or https address/,
    );
  });

  for (const [status, kind] of [
    [200, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [301, 'never'],
    [307, 'never'],
    [400, 'never'],
    [401, 'later'],
    [403, 'later'],
    [404, 'later'],
    [410, 'never'],
    [413, 'never'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
  ] as const) {
    it(`that answers ${status}: ${kind}`, async () => {
      const elsewhere = await serve();
      const fake = await serve((_, response) => {
        response.writeHead(status, { location: elsewhere.url() }).end();
      });
      const delivery = await receiverOf(fake.url()).deliver(alertMessage('paused'), signal);
      assert.equal(delivery.kind, kind);
      assert.equal(elsewhere.requests.length, 0);
    });
  }

  it('says how long it wants to be left alone, in seconds or as a date', async () => {
    const until = new Date(atMs + 61_500).toUTCString();
    for (const [header, ms] of [
      ['7', 7000],
      [until, 59_500],
      ['soon', undefined],
    ] as const) {
      const fake = await serve((_, response) => {
        response.writeHead(429, { 'retry-after': header }).end();
      });
      const delivery = await receiverOf(fake.url()).deliver(alertMessage('paused'), signal);
      assert.equal(delivery.kind === 'later' ? delivery.retryAfterMs : NaN, ms);
    }
  });

  it('that does not answer is waited for as long as it may take', async () => {
    const fake = await serve(() => undefined);
    const delivery = await receiverOf(fake.url(), { timeoutMs: 50 }).deliver(alertMessage('paused'), signal);
    assert.match(JSON.stringify(delivery), /^\{"kind":"later","reason":"had not answered after \d+ ms/);
  });

  it('that does not answer is not waited for once nobody wants to', async () => {
    const abort = new AbortController();
    const fake = await serve(() => {
      abort.abort();
    });
    const delivery = await receiverOf(fake.url()).deliver(alertMessage('paused'), abort.signal);
    assert.equal(delivery.kind, 'later');
  });

  it('that answers without an end has taken the alert all the same', async () => {
    const fake = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        response.write('x'.repeat(16_384));
        setImmediate(more);
      };
      more();
    });
    assert.equal((await receiverOf(fake.url()).deliver(alertMessage('paused'), signal)).kind, 'delivered');
  });

  it('that cannot be reached: says why, without the path', async () => {
    const fake = await serve();
    const url = `${fake.url()}/secret-path`;
    await fake.stop();
    const delivery = await receiverOf(url).deliver(alertMessage('paused'), signal);
    assert.match(JSON.stringify(delivery), /"later".*refuses connections at 127\.0\.0\.1:\d+/);
    assert.doesNotMatch(JSON.stringify(delivery), /secret-path/);
  });

  it('that closed a kept connection is asked again at once', async () => {
    const fake = await serve((_, response) => {
      sendJson(response, {});
    });
    const receiver = receiverOf(fake.url());
    await receiver.deliver(alertMessage('paused'), signal);
    fake.handler = (request, response) => {
      if (request.connection === 1) response.socket?.destroy();
      else sendJson(response, {});
    };
    assert.equal((await receiver.deliver(alertMessage('paused'), signal)).kind, 'delivered');
  });

  it('over https is believed by the authority of the config only', async () => {
    const ours = await authority('ours');
    const fake = await serve(answering({}), await identity({ signedBy: ours, ip: '127.0.0.1' }));
    const tls = { caFile: folder.write('ca.pem', ours.cert) };
    assert.equal(
      (await receiverOf(fake.url(), { tls }).deliver(alertMessage('paused'), signal)).kind,
      'delivered',
    );
    assert.match(
      JSON.stringify(await receiverOf(fake.url()).deliver(alertMessage('paused'), signal)),
      /"later".*not trusted/,
    );
  });
});
