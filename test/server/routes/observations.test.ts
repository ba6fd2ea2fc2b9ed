import assert from 'node:assert/strict';
import { parseObservations } from '../../../src/domain/observations-file.js';
import { builtInPolicies, judge, overridePolicy, type Question } from '../../../src/judge/index.js';
import { alteredLedger } from '../support/altered-ledger.js';
import { TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

const query = 'model=fraud&canary=v2&stable=v1';

describe('GET /v1/observations', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start();
    const score = (index: number) => ((index * 7) % 30) / 30;
    const stable = { version: 'v1', minutes: 15, perMinute: 120, errorsPerMinute: 1, score };
    await service.ingest('predictions', predictionLines(stable));
    await service.ingest(
      'predictions',
      predictionLines({
        version: 'v2',
        minutes: 8,
        perMinute: 61,
        score: (index) => score(index) ** 2,
        latencyMs: 333.3,
      }),
    );
    const outcome = (version: string, value: number) => ({
      model: 'fraud',
      version,
      at: '2026-01-05T10:58:30Z',
      value,
    });
    await service.ingest('outcomes', [
      outcome('v1', 0.1),
      outcome('v1', 0.2),
      outcome('v2', 0.7),
      outcome('v2', 1 / 3),
    ]);
  });

  after(() => service.close());

  async function observe(parameters: string) {
    const answer = await service.request(`/v1/observations?${parameters}`);
    assert.equal(answer.status, 200, answer.text);
    const parsed = parseObservations(answer.json());
    assert.ok(parsed.ok, JSON.stringify(parsed));
    return parsed.value;
  }

  it('is an observations file with the looks, those before and the time', async () => {
    const observations = await observe(query);
    assert.equal(observations.looks.length, 8);
    assert.equal(observations.before.length, 7);
    assert.equal(observations.asOfMs, Date.parse('2026-01-05T11:00:00Z'));
    assert.deepEqual(
      [observations.model, observations.canary.version, observations.stable?.version],
      ['fraud', 'v2', 'v1'],
    );
  });

  it('gives the very verdict of the service when it is judged elsewhere', async () => {
    const policy = builtInPolicies.get('default');
    assert.ok(policy !== undefined);
    const observations = await observe(query);
    assert.deepEqual(
      judge(policy, observations),
      await service.ask({ model: 'fraud', canary: 'v2', stable: 'v1' }),
    );

    const earlier = '&asOf=2026-01-05T10:57:20Z&since=2026-01-05T10:54:00Z';
    const changed = overridePolicy(policy, { confidence: '0.8', mode: '' }, 'latency-p99');
    assert.ok(changed.ok);
    const question: Question = { guardrail: 'latency-p99', promoteWith: 'all', weight: 0.25 };
    assert.deepEqual(
      judge(changed.value, await observe(query + earlier), question),
      await service.askByQuery(
        `${query}${earlier}&confidence=0.8&guardrail=latency-p99&promoteWith=all&weight=25`,
      ),
    );
  });

  it('has no stable version where none is named', async () => {
    const observations = await observe('model=fraud&canary=v2&stable=&namespace=');
    assert.equal(observations.stable, undefined);
    assert.ok(observations.looks.every((look) => look.stable === undefined));
  });

  it('is 404 for what is not known, with the nearest name', async () => {
    for (const [parameters, detail] of [
      ['model=frauds&canary=v2', /did you mean "fraud"\?/],
      ['model=fraud&canary=v22', /^canary: .*did you mean "v2"\?/],
      ['model=fraud&canary=v2&namespace=prod', /namespace "prod"/],
    ] as const) {
      const answer = await service.request(`/v1/observations?${parameters}`);
      assert.equal(answer.status, 404);
      assert.match((answer.json() as { detail: string }).detail, detail);
    }
  });

  it('is 400 with the path of every wrong parameter', async () => {
    const answer = await service.request(
      '/v1/observations?canary=v2&canary=v3&asOf=now&guardrail=error-rate',
    );
    assert.equal(answer.status, 400);
    const { errors } = answer.json() as { errors: readonly { path: string }[] };
    assert.deepEqual(errors.map(({ path }) => path).sort(), ['asOf', 'canary', 'guardrail', 'model']);
    assert.equal(
      (await service.request('/v1/observations?model=fraud&canary=v2&asOf=2030-01-01T00:00:00Z')).status,
      400,
    );
  });

  it('is 503 while the source cannot be read', async () => {
    const down = await TestService.start({
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          observe: () => Promise.resolve({ kind: 'unavailable', reason: 'the disk is full' }),
        }),
    });
    try {
      const answer = await down.request(`/v1/observations?${query}`);
      assert.equal(answer.status, 503);
      assert.equal((answer.json() as { detail: string }).detail, 'the disk is full');
    } finally {
      await down.close();
    }
  });
});
