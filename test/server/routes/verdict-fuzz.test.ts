import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guardrailSettingNames } from '../../../src/server/schemas/guardrail-settings.js';
import { verdictArgumentsSchema } from '../../../src/server/schemas/verdict-arguments.js';
import { verdictDocumentSchema } from '../../../src/server/schemas/verdict-document.js';
import { TestService, type TestAnswer } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

/** What every answer to a JSON object or a query string must be. */
function assertVerdict(answer: TestAnswer): void {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.type, /^application\/json/);
  const parsed = verdictDocumentSchema.safeParse(answer.json());
  assert.ok(parsed.success, parsed.error?.message);
  assert.ok(parsed.data.measurement[2].length > 0);
}

describe('/v1/verdict answers every question with a verdict document', () => {
  let service: TestService;

  before(async () => {
    service = await TestService.start({ config: { logging: { level: 'silent' } } });
    await service.ingest('predictions', predictionLines({ version: 'v1', minutes: 6, perMinute: 40 }));
    await service.ingest('predictions', predictionLines({ version: 'v2', minutes: 5, perMinute: 20 }));
  });

  after(() => service.close());

  const names = [...Object.keys(verdictArgumentsSchema.shape), 'guardrails', ...guardrailSettingNames];
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'error-rate.promoteBelow',
        'latency-p99.quantile',
        'nope.bins',
        '.',
        'a.',
        '.a',
      ),
    },
    { weight: 1, arbitrary: fc.string() },
  );
  const text = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '1',
      '5%',
      '0.5',
      '-3%',
      '200ms',
      '2m',
      'true',
      'hold',
      'pass',
      'error-rate',
      'default',
      'all',
    ),
    fc.constantFrom(
      '2026-01-05T10:58:00Z',
      '2026-01-05T11:00:30Z',
      '9999-12-31T23:59:59Z',
      'fraud',
      'v1',
      'v2',
      'threshold',
    ),
    fc.string({ unit: 'binary' }),
  );
  const value = fc.oneof(
    { weight: 3, arbitrary: text },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );

  it('as a JSON object', async () => {
    const body = fc.tuple(fc.dictionary(key, value, { maxKeys: 8 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(body, async ([arguments_, complete]) => {
        const asked = complete ? { ...arguments_, model: 'fraud', canary: 'v2', stable: 'v1' } : arguments_;
        assertVerdict(await service.post('/v1/verdict', JSON.stringify(asked)));
      }),
      { numRuns: 250 },
    );
  });

  it('as a query string', async () => {
    const parameters = fc.array(fc.tuple(key, text), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(parameters, fc.boolean(), async (pairs, complete) => {
        const query = new URLSearchParams(pairs);
        if (complete)
          for (const [name, given] of [
            ['model', 'fraud'],
            ['canary', 'v2'],
          ] as const)
            query.set(name, given);
        assertVerdict(await service.request(`/v1/verdict?${query.toString()}`));
      }),
      { numRuns: 150 },
    );
  });

  it('as a query that nobody encoded', async () => {
    const raw = fc.stringMatching(/^[ -"$-~]{0,60}$/);
    await fc.assert(
      fc.asyncProperty(raw, async (query) => {
        assertVerdict(await service.request(`/v1/verdict?model=fraud&${query.replaceAll(' ', '%')}`));
      }),
      { numRuns: 100 },
    );
  });
});
