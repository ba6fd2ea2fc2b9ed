import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventResult } from '../../../src/ingest/events/index.js';
import { OpenCalls } from '../../../src/ingest/events/open-calls.js';

const target = { namespace: 'ml', model: 'fraud', version: 'v2' };

function half(key: string, atMs: number) {
  return { key, target, version: 'v2', responseWithinMs: 1000, atMs };
}

/** What came of the calls of one version. */
class Watched {
  readonly calls: OpenCalls;
  readonly results: EventResult[] = [];
  requests = 0;
  errors = 0;
  latencies = 0;

  constructor(limit = 1000, isKnown = true) {
    this.calls = new OpenCalls(limit, {
      isKnown: () => isKnown,
      count: (call, result, onTaken) => {
        if (isKnown) onTaken?.();
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
    this.calls.request({ ...half(id, nowMs), empty: false }, nowMs);
  }

  response(id: string, nowMs: number): void {
    const call = { target, atMs: nowMs, failed: false, predictions: [0.5] };
    this.calls.response({ ...half(id, nowMs), call, result: 'counted', empty: false }, nowMs);
  }

  lost(id: string, nowMs: number): void {
    this.calls.lostResponse(half(id, nowMs), nowMs);
  }

  /** Decides all calls whose time is over. */
  expire(nowMs: number): void {
    while (this.calls.expire(nowMs, 100) > 0);
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

  it('excuses as many requests as responses came alone, also of those whose time is over at the same moment', () => {
    const watched = new Watched();
    watched.request('a', 0);
    watched.request('b', 0);
    watched.response('c', 0);
    watched.lost('d', 4500);
    watched.request('e', 0);
    watched.expire(5000);
    assert.deepEqual([watched.requests, watched.errors], [2, 1]);
  });

  it('excuses nothing by responses of a version that the model has not taken', () => {
    const watched = new Watched(1000, false);
    watched.request('a', 0);
    watched.request('b', 0);
    watched.response('c', 0);
    watched.lost('d', 0);
    watched.expire(5000);
    assert.equal(watched.errors, 2);
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
          watched.expire(nowMs);
          assert.ok(watched.calls.size <= limit);
          // Repetitions are left out before.
          if (sent[half].has(call)) continue;
          sent[half].add(call);
          events++;
          watched[half](String(call), nowMs);
        }
        watched.expire(nowMs + 10_000);
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
        watched.expire(100_000);
        assert.deepEqual([watched.requests, watched.errors], [10, 0]);
        assert.deepEqual(watched.results.filter((result) => result === 'paired').length, 10);
      }),
      { numRuns: 200 },
    );
  });
});
