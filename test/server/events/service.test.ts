import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../../src/sources/index.js';
import { rawAnswer } from '../support/raw-answer.js';
import { defaultNowMs, TestService, type TestAnswer } from '../support/test-service.js';
import { kserveEvent } from './wire-events.js';

const path = '/v1/events/ml/fraud/v2';
const now = { 'Ce-Time': new Date(defaultNowMs).toISOString() };

describe('the route of payload events in the whole service', () => {
  const folders: string[] = [];
  let service: TestService;

  afterEach(async () => {
    await service.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('counts what was sent, also what was not written yet when the service is stopped', async () => {
    service = await TestService.start({ config: { events: { saveEvery: '60s' } } });
    const { headers, body } = kserveEvent('response', { headers: now });
    const answer = await service.post(path, JSON.stringify(body), headers);
    assert.deepEqual([answer.status, answer.json()], [200, { result: 'taken' }]);
    await service.stop();
    await service.ledger.close();
    const ledger = await openLedger(service.dataDirectory);
    const asOfMs = defaultNowMs + 120_000;
    const observed = await ledger.observe({ namespace: 'ml', model: 'fraud', canary: 'v2', asOfMs });
    await ledger.close();
    assert.ok(observed.kind === 'observations');
    assert.equal(observed.observations.looks[0]?.canary?.requests, 1);
  });

  it('tells of names that cannot be used, and of other methods, as every other route', async () => {
    service = await TestService.start();
    const { headers } = kserveEvent('response', { headers: now });
    const named = await service.post('/v1/events/ml/fraud/v%0a', '{}', headers);
    assert.equal(named.status, 400);
    assert.match(named.text, /"path":"version"/);
    const broken = await service.post('/v1/events/ml/fraud/%E0%A4%A', '{}', headers);
    assert.equal(broken.status, 400);
    const read = await service.request(path);
    assert.deepEqual([read.status, read.headers.get('allow')], [405, 'POST']);
    const short = await service.post('/v1/events/ml/fraud', '{}', headers);
    assert.equal(short.status, 404);
  });

  it('answers no target with 500, whatever express makes of it', async () => {
    service = await TestService.start();
    for (const [target, status] of [
      ['http://other/v1/events/ml/fraud/v2', 400],
      ['/V1/EVENTS/ml/fraud/v2', 400],
      ['//v1//events//ml/fraud/v2/', 400],
      ['/v1/events/ml/fraud/v2#x', 400],
      ['/v1\\events\\ml\\fraud\\v2#x', 404],
      ['x://other/v1/events/ml/fraud/v2', 400],
    ] as const) {
      const head = `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
      assert.match(await rawAnswer(service.port, head), new RegExp(`^HTTP/1\\.1 ${status} `), target);
    }
    assert.deepEqual(service.logLines('request failed'), []);
  });

  it('lets events of a caller go that sends too many, and answers 429 to whoever is not let in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-tokens-'));
    folders.push(folder);
    const file = join(folder, 'team');
    writeFileSync(file, 'token-of-the-fraud-team');
    service = await TestService.start({
      config: {
        access: { tokens: [{ name: 'team', files: [file], scopes: ['ingest', 'read'] }], metrics: 'open' },
        limits: { callerRequests: 3, callerWindow: '60s' },
        models: { fraud: { events: { mode: 'all' } } },
      },
    });
    const send = (number: number, token?: string) => {
      const { headers, body } = kserveEvent('response', { id: `id-${number}`, headers: now });
      const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      return service.post(path, JSON.stringify(body), { ...headers, ...authorization });
    };
    const told: unknown[] = [];
    for (let number = 0; number < 5; number++)
      told.push((await send(number, 'token-of-the-fraud-team')).json());
    const [taken, shed] = [{ result: 'taken' }, { result: 'shed' }];
    assert.deepEqual(told, [taken, taken, taken, shed, shed]);
    const structured = await service.post(path, '{}', {
      Authorization: 'Bearer token-of-the-fraud-team',
      'Content-Type': 'application/cloudevents+json',
    });
    assert.deepEqual(structured.json(), shed);
    const answers: TestAnswer[] = [];
    for (let number = 0; number < 4; number++) answers.push(await send(number));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401, 401, 429],
    );
    assert.equal(answers[3]?.headers.get('retry-after'), '60');
    assert.match(answers[3].text, /urn:ml-verdict:problem:too-many-requests/);
    // The rate is that of a caller, whatever it asks.
    const read = await service.request('/v1/verdicts', {
      headers: { Authorization: 'Bearer token-of-the-fraud-team' },
    });
    assert.equal(read.status, 429);
    assert.equal(await service.metric('ml_verdict_events_total', { result: 'shed' }), 3);
    assert.equal(await service.metric('ml_verdict_events_total', { result: 'denied' }), 4);
    assert.equal(await service.metric('ml_verdict_requests_shed_total', { reason: 'rate' }), 5);
  });

  it('is described in the OpenAPI document', async () => {
    service = await TestService.start();
    const { paths } = (await service.request('/openapi.json')).json() as { paths: Record<string, unknown> };
    assert.ok('/v1/events/{namespace}/{model}/{version}' in paths);
  });
});
