import assert from 'node:assert/strict';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { parseEventTime } from '../../../src/ingest/events/event-time.js';
import { binaryAttributes, eventTypeNames, readAttributes } from '../../../src/ingest/events/index.js';

const nowMs = Date.parse('2026-01-05T12:00:00Z');
const window = { nowMs, maxAgeMs: 86_400_000, maxAheadMs: 300_000 };

describe('parseEventTime', () => {
  for (const [text, expected] of [
    ['2026-01-05T12:00:00Z', nowMs],
    ['2026-01-05T12:00:00.5Z', nowMs + 500],
    ['2026-01-05T12:00:00.000250000Z', nowMs + 0.25],
    ['2026-01-05T13:30:00.123456789+01:30', nowMs + 123.456789],
    ['2026-01-05t12:00:00z', nowMs],
    ['2026-01-05', NaN],
    ['2026-13-05T12:00:00Z', NaN],
    ['2026-01-05T12:00:00', NaN],
    ['2026-01-05T12:00:00.Z', NaN],
    ['', NaN],
    ['1767614400', NaN],
  ] as const) {
    it(`reads "${text}" as ${expected}`, () => {
      const read = parseEventTime(text);
      assert.ok(Object.is(read, expected) || Math.abs(read - expected) < 0.001, String(read));
    });
  }
});

describe('readAttributes', () => {
  it('reads the headers of an event in binary mode as the library does', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '9', '-', '.', '_', ':', '/', ' ', 'é'),
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...eventTypeNames),
        text.filter((id) => id.trim() === id),
        fc.integer({ min: nowMs - 1000, max: nowMs + 1000 }),
        (type, id, atMs) => {
          const event = new CloudEvent({ id, type, source: '/a', time: new Date(atMs).toISOString() });
          // As they arrive: Node.js reads headers as Latin-1.
          const headers = Object.fromEntries(
            Object.entries(HTTP.binary(event).headers).map(([name, value]) => [
              name.toLowerCase(),
              Buffer.from(String(value)).toString('latin1'),
            ]),
          );
          const read = readAttributes(binaryAttributes(headers), window);
          assert.ok(!('reason' in read), JSON.stringify(read));
          assert.equal(read.id, id);
          assert.equal(read.atMs, atMs);
          assert.equal(type.endsWith(`.${read.kind}`), true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the id of the call from where its system has it', () => {
    const attributes = (type: string, more: Readonly<Record<string, string>>) =>
      readAttributes((name) => ({ type, id: 'event-1', ...more })[name], window);
    const call = (read: ReturnType<typeof attributes>) =>
      'reason' in read ? read : [read.callId, read.node];
    const given = { requestid: 'puid-1', modelid: 'node-1' };
    assert.deepEqual(call(attributes('io.seldon.serving.inference.request', given)), ['puid-1', 'node-1']);
    assert.deepEqual(call(attributes('io.seldon.serving.inference.request', {})), ['event-1', '']);
    assert.deepEqual(call(attributes('org.kubeflow.serving.inference.request', given)), ['event-1', '']);
  });

  it('reads a status, and nothing else as one', () => {
    const status = (value: unknown) => {
      const given: Readonly<Record<string, unknown>> = {
        type: 'org.kubeflow.serving.inference.response',
        id: 'a',
        statuscode: value,
      };
      const read = readAttributes((name) => given[name], window);
      return 'reason' in read ? read : read.status;
    };
    assert.deepEqual(['200', 503, '99', '600', 'x', '', undefined, '2000'].map(status), [
      200,
      503,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
