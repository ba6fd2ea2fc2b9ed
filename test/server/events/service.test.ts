import assert from 'node:assert/strict';
import { openLedger } from '../../../src/sources/index.js';
import { defaultNowMs, TestService } from '../support/test-service.js';
import { kserveEvent } from './wire-events.js';

const path = '/v1/events/ml/fraud/v2';
const now = { 'Ce-Time': new Date(defaultNowMs).toISOString() };

describe('the route of payload events in the whole service', () => {
  it('counts what was sent, also what was not written yet when the service is stopped', async () => {
    const service = await TestService.start({ config: { events: { saveEvery: '60s' } } });
    const { headers, body } = kserveEvent('response', { headers: now });
    const answer = await service.post(path, JSON.stringify(body), headers);
    assert.deepEqual([answer.status, answer.json()], [200, { result: 'taken' }]);
    await service.stop();
    await service.ledger.close();
    const ledger = await openLedger(service.dataDirectory);
    const asOfMs = defaultNowMs + 120_000;
    const observed = await ledger.observe({ namespace: 'ml', model: 'fraud', canary: 'v2', asOfMs });
    await ledger.close();
    await service.close();
    assert.ok(observed.kind === 'observations');
    assert.equal(observed.observations.looks[0]?.canary?.requests, 1);
  });

  it('tells of names that cannot be used, and of other methods, as every other route', async () => {
    const service = await TestService.start();
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
    await service.close();
  });

  it('is described in the OpenAPI document', async () => {
    const service = await TestService.start();
    const { paths } = (await service.request('/openapi.json')).json() as { paths: Record<string, unknown> };
    assert.ok('/v1/events/{namespace}/{model}/{version}' in paths);
    await service.close();
  });
});
