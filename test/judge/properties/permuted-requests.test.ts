import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Observations } from '../../../src/domain/observations.js';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import { CountBatch, openMemoryLedger } from '../../../src/sources/index.js';

const seed = 20260105;
const noonMs = Date.parse('2026-01-05T12:00:00Z');

/** One request with what became of it. Amounts are whole numbers, so that sums do not hang on their order. */
const request = fc.record({
  version: fc.constantFrom('v1', 'v1', 'v1', 'v2'),
  second: fc.nat(6 * 60 - 1),
  failed: fc.nat(20).map((drawn) => drawn === 0),
  latencyMs: fc.constantFrom(3, 20, 80, 180, 260, 900),
  score: fc.nat(100).map((percent) => percent / 100),
  value: fc.nat(5),
});

type ServedRequest = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** One request of each version, so that both are known. */
const firstOfEach: readonly ServedRequest[] = (['v1', 'v2'] as const).map((version) => ({
  version,
  second: 0,
  failed: false,
  latencyMs: 20,
  score: 0.5,
  value: 1,
}));

/** The requests, and the same ones in another order, sent in other portions. */
const shuffled = fc
  .array(request, { minLength: 40, maxLength: 120 })
  .map((requests) => [...requests, ...firstOfEach])
  .chain((requests) =>
    fc.record({
      requests: fc.constant(requests),
      again: fc.shuffledSubarray(requests, { minLength: requests.length, maxLength: requests.length }),
      portion: fc.integer({ min: 7, max: 200 }),
    }),
  );

describe('the order in which requests arrive', () => {
  it('changes nothing: the same counts, the same document byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ requests, again, portion }) => {
        const straight = await observed(requests, requests.length);
        const mixed = await observed(again, portion);
        assert.deepEqual(mixed, straight);
        for (const guardrail of [undefined, 'business-proxy']) {
          const question = guardrail === undefined ? {} : { guardrail };
          assert.equal(
            JSON.stringify(judge(defaultPolicy(), mixed, question)),
            JSON.stringify(judge(defaultPolicy(), straight, question)),
          );
        }
      }),
      { seed, numRuns: 12 },
    );
  });
});

/** What a fresh ledger makes of the requests, sent so many at a time. */
async function observed(requests: readonly ServedRequest[], portion: number): Promise<Observations> {
  const ledger = await openMemoryLedger();
  try {
    for (let sent = 0; sent < requests.length; sent += portion) {
      const batch = new CountBatch();
      for (const { version, second, failed, latencyMs, score, value } of requests.slice(
        sent,
        sent + portion,
      )) {
        const event = { namespace: 'default', model: 'fraud', version, atMs: noonMs + second * 1000 };
        batch.addRequest({ ...event, failed, latencyMs, predictions: new Map([['default', score]]) });
        batch.addOutcome({ ...event, name: 'default', value });
      }
      assert.equal((await ledger.record(batch, { nowMs: noonMs + 400_000 })).kind, 'recorded');
    }
    const answer = await ledger.observe({
      namespace: 'default',
      model: 'fraud',
      canary: 'v2',
      stable: 'v1',
      asOfMs: noonMs + 400_000,
    });
    if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
    return answer.observations;
  } finally {
    await ledger.close();
  }
}
