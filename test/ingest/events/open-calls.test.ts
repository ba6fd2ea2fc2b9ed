import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventResult } from '../../../src/ingest/events/index.js';
import { OpenCalls } from '../../../src/ingest/events/open-calls.js';

const target = { namespace: 'ml', model: 'fraud', version: 'v2' };

/** What came of the calls of one version. */
class Watched {
  readonly calls: OpenCalls;
  readonly results: EventResult[] = [];
  requests = 0;
  errors = 0;
  latencies = 0;

  constructor(limit = 1000) {
    this.calls = new OpenCalls(limit, {
      count: (call, result) => {
        this.requests++;
        if (call.failed) this.errors++;
        if (call.latencyMs !== undefined) this.latencies++;
        this.results.push(result);
      },
      settle: (result) => {
        this.results.push(result);
      },
    });
  }

  request(id: string, nowMs: number): void {
    this.calls.request(
      { key: id, version: 'v2', responseWithinMs: 1000, atMs: nowMs, target, empty: false },
      nowMs,
    );
  }

  response(id: string, nowMs: number): void {
    const call = { target, atMs: nowMs, failed: false, predictions: [0.5] };
    this.calls.response(
      { key: id, version: 'v2', responseWithinMs: 1000, atMs: nowMs, call, result: 'counted', empty: false },
      nowMs,
    );
  }
}

describe('OpenCalls', () => {
  it('decides a bounded number of calls at once', () => {
    const watched = new Watched();
    for (let number = 0; number < 25; number++) watched.request(String(number), 0);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => watched.calls.expire(1000, 10)),
      [10, 10, 5, 0],
    );
    assert.equal(watched.errors, 25);
  });

  it('expires calls also when the clock was set back', () => {
    const watched = new Watched();
    watched.request('a', 1_000_000);
    assert.equal(watched.calls.expire(0, 10), 1);
  });

  it('gives every event one result, whatever comes when, and never counts more errors than responses are missing', () => {
    const step = fc.record({
      call: fc.nat(12),
      half: fc.constantFrom('request' as const, 'response' as const),
      laterMs: fc.nat(900),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (steps, limit) => {
        const watched = new Watched(limit);
        const sent = { request: new Set<number>(), response: new Set<number>() };
        let nowMs = 0;
        let events = 0;
        for (const { call, half, laterMs } of steps) {
          nowMs += laterMs;
          watched.calls.expire(nowMs, 100);
          assert.ok(watched.calls.size <= limit);
          // Repetitions are left out before.
          if (sent[half].has(call)) continue;
          sent[half].add(call);
          events++;
          watched[half](String(call), nowMs);
        }
        watched.calls.expire(nowMs + 10_000, 100);
        assert.equal(watched.calls.size, 0);
        assert.equal(watched.results.length, events);
        assert.ok(watched.errors <= sent.request.size);
        assert.ok(watched.requests <= sent.request.size + sent.response.size);
        assert.ok(watched.latencies <= watched.requests - watched.errors);
      }),
      { numRuns: 500 },
    );
  });

  it('counts each call once where nothing is lost, in whatever order the halves come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...Array(20).keys()], { minLength: 20, maxLength: 20 }), (order) => {
        const watched = new Watched();
        for (const [nowMs, number] of order.entries()) {
          const id = String(number >> 1);
          if (number % 2 === 0) watched.request(id, nowMs);
          else watched.response(id, nowMs);
        }
        watched.calls.expire(100_000, 100);
        assert.deepEqual([watched.requests, watched.errors], [10, 0]);
        assert.deepEqual(watched.results.filter((result) => result === 'paired').length, 10);
      }),
      { numRuns: 200 },
    );
  });
});
