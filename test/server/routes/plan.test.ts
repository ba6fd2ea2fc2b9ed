import assert from 'node:assert/strict';
import type { Plan } from '../../../src/judge/index.js';
import { planSchema } from '../../../src/server/schemas/plan.js';
import type { Problem } from '../../../src/server/http/problem.js';
import { TestService } from '../support/test-service.js';

const usual = { requestsPerSecond: 50, weight: 5 };

describe('POST /v1/plan', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start({
      config: {
        policies: {
          errors: {
            guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '2%' }],
          },
        },
      },
    });
  });

  after(() => service.close());

  const post = (body: unknown) => service.post('/v1/plan', JSON.stringify(body));

  async function planOf(body: unknown): Promise<Plan> {
    const answer = await post(body);
    assert.equal(answer.status, 200, answer.text);
    return planSchema.parse(answer.json());
  }

  async function errorsOf(body: unknown): Promise<Problem['errors']> {
    const answer = await post(body);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.type, /^application\/problem\+json/);
    return (answer.json() as Problem).errors;
  }

  it('answers with a plan that has the shape of its schema', async () => {
    const plan = await planOf({ ...usual, within: '30m' });
    assert.deepEqual(
      plan.guardrails.map(({ name }) => name),
      ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'],
    );
    assert.equal(plan.guardrails[0]?.untilPromote.median?.minutes, 10);
    assert.deepEqual(plan.combined.slowest.median, ['business-proxy']);
    assert.equal(plan.smallestWeight?.withinSeconds, 1800);
  });

  it('takes texts, empty ones as absent, and settings in both forms', async () => {
    const plan = await planOf({
      requestsPerSecond: '50',
      weight: '5%',
      policy: '',
      outcomeMean: '5%',
      outcomesPerRequest: '0.3',
      confidence: '80%',
      within: '',
      'error-rate.promoteBelow': '0.4%',
      guardrails: { 'latency-p99': { promoteBelow: '250ms' } },
      healthy: { 'error-rate': '0.2%' },
      faulty: { 'business-proxy': '-20%' },
    });
    assert.equal(plan.confidence, 0.8);
    assert.deepEqual([plan.traffic.outcomeMean, plan.traffic.outcomesPerRequest], [0.05, 0.3]);
    assert.equal(plan.guardrails[0]?.healthy.quality, 0.002);
    assert.equal(plan.guardrails[1]?.healthy.text, 'p99 188 ms');
    assert.equal(plan.guardrails[3]?.faulty.quality, -0.2);
    assert.equal(plan.smallestWeight, undefined);
  });

  it('takes a policy of the config and bounds of a histogram', async () => {
    const errors = await planOf({ ...usual, policy: 'errors', mode: 'threshold' });
    assert.deepEqual([errors.policy, errors.mode, errors.guardrails.length], ['errors', 'threshold', 1]);
    const coarse = await planOf({ ...usual, latencyBoundsMs: [50, 100] });
    assert.equal(coarse.guardrails[1]?.untilRollback.undecided?.code, 'buckets-too-coarse');
    const text = await planOf({ ...usual, latencyBoundsMs: '50,100' });
    assert.deepEqual(text.guardrails, coarse.guardrails);
  });

  it('refuses what it cannot use with the path of every field', async () => {
    for (const [body, paths] of [
      [{}, ['requestsPerSecond', 'weight']],
      [{ ...usual, weight: 100 }, ['weight']],
      [{ ...usual, rps: 5, policie: 'x' }, ['rps', 'policie']],
      [{ ...usual, policy: 'errorz' }, ['policy']],
      [
        { ...usual, healthy: { errors: 1 }, faulty: { 'error-rate': '0.5' } },
        ['healthy.errors', 'faulty.error-rate'],
      ],
      [{ ...usual, 'error-rate.promoteBelow': '0.5' }, ['guardrails.error-rate.promoteBelow']],
      [{ ...usual, 'error-rate.promoteBelo': '1%' }, ['error-rate.promoteBelo']],
      [{ ...usual, guardrails: { errors: { promoteBelow: '1%' } } }, ['guardrails.errors']],
      [{ ...usual, promoteBelow: '1%' }, ['promoteBelow']],
      [{ ...usual, outcomeMean: 12 }, ['outcomeMean']],
      [{ ...usual, latencyBoundsMs: [200, 100] }, ['latencyBoundsMs']],
      [{ ...usual, within: '10s' }, ['within']],
      [{ ...usual, within: '1000000000d' }, ['within']],
      [{ ...usual, confidence: 2 }, ['confidence']],
    ] as const) {
      const errors = await errorsOf(body);
      assert.deepEqual(
        errors.map(({ path }) => path),
        paths,
        JSON.stringify(body),
      );
    }
  });

  it('refuses more fields than any question has in one sentence, wherever they are', async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]));
    const settings = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`a.field${index}`, 1]));
    for (const body of [
      { ...usual, ...many },
      { ...usual, ...settings },
      { ...usual, healthy: many },
      { ...usual, guardrails: many },
      { ...usual, guardrails: { 'error-rate': many } },
    ]) {
      assert.deepEqual(await errorsOf(body), [
        { path: '', message: 'expected at most 200 fields, those of guardrails counted, got more' },
      ]);
    }
  });

  it('refuses what would wait too long, and says when to ask again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => post({ ...usual, requestsPerSecond: 2, within: '7d' })),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(refused.length > 0 && refused.length < 30);
    for (const answer of refused) {
      assert.equal(answer.status, 503);
      assert.match(answer.type, /^application\/problem\+json/);
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    }
  });

  it('refuses bodies that are no object, arguments in the query, and other methods', async () => {
    for (const body of ['', '[]', '5', 'no']) {
      const answer = await service.post('/v1/plan', body);
      assert.equal(answer.status, 400, body);
      if (body !== 'no') assert.match(answer.text, /such as \{\\"requestsPerSecond\\"/, body);
    }
    const misplaced = await service.post('/v1/plan?weight=5', JSON.stringify({ requestsPerSecond: 1 }));
    assert.equal(misplaced.status, 400);
    assert.deepEqual(
      (misplaced.json() as Problem).errors.map(({ path }) => path),
      ['weight', 'weight'],
    );
    const get = await service.request('/v1/plan');
    assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
  });
});
