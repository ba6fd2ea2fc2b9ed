import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { z } from 'zod';
import type { LineProblem, TimeWindow } from '../../src/ingest/line-fields.js';
import { outcomeLineSchema, readOutcomeLine } from '../../src/ingest/outcome-line.js';
import { predictionLineSchema, readPredictionLine } from '../../src/ingest/prediction-line.js';
import { noonMs } from './support.js';

const window: TimeWindow = { nowMs: noonMs, maxAgeMs: 30 * 86_400_000, maxAheadMs: 300_000 };
const anyTime: TimeWindow = { nowMs: noonMs, maxAgeMs: Infinity, maxAheadMs: Infinity };

function problemOf(event: object | LineProblem): LineProblem {
  assert.ok('reason' in event, 'expected a refusal');
  return event;
}

describe('readPredictionLine', () => {
  const base = { model: 'fraud', version: 'v2' };
  const read = (line: unknown, at: TimeWindow = window) => readPredictionLine(line, at);

  it('reads a line with everything', () => {
    const line = {
      namespace: 'shop',
      ...base,
      at: '2026-01-05T11:59:58.250Z',
      id: 'r-1',
      status: 404,
      error: false,
      latencyMs: 12.5,
      prediction: { score: 0.5, class: 'cat' },
    };
    assert.deepEqual(read(line), {
      namespace: 'shop',
      ...base,
      atMs: noonMs - 1750,
      id: 'r-1',
      failed: false,
      latencyMs: 12.5,
      predictions: new Map<string, unknown>([
        ['score', 0.5],
        ['class', 'cat'],
      ]),
    });
  });

  it('takes the time of arrival and the namespace default where none is given', () => {
    assert.deepEqual(read(base), {
      namespace: 'default',
      ...base,
      atMs: noonMs,
      failed: false,
      predictions: new Map(),
    });
  });

  it('counts error: true and a status of 500 and above as failed', () => {
    const failed = (line: object) => {
      const request = read({ ...base, ...line });
      return 'failed' in request && request.failed;
    };
    assert.equal(failed({ status: 499 }), false);
    assert.equal(failed({ status: 500 }), true);
    assert.equal(failed({ status: 503, error: false }), true);
    assert.equal(failed({ error: true }), true);
    assert.equal(failed({ error: true, status: 200 }), true);
    assert.equal(failed({ error: false }), false);
  });

  it('names a prediction without a name "default"', () => {
    const request = read({ ...base, prediction: 'cat' });
    assert.ok('predictions' in request);
    assert.deepEqual([...request.predictions], [['default', 'cat']]);
  });

  it('names the field that is wrong, and what was expected', () => {
    const refusals: readonly (readonly [line: unknown, field: string, reason: RegExp])[] = [
      [17, '', /^expected an object, got a number$/],
      [null, '', /^expected an object, got null$/],
      [[], '', /^expected an object, got an array$/],
      [{ version: 'v2' }, 'model', /^missing; expected a text of 1 to 253/],
      [{ model: 'fraud' }, 'version', /^missing/],
      [{ ...base, model: '' }, 'model', /got ""$/],
      [{ ...base, model: 7 }, 'model', /got 7$/],
      [{ ...base, model: 'x'.repeat(254) }, 'model', /1 to 253 characters/],
      [{ ...base, version: 'a\u0000b' }, 'version', /control characters/],
      [{ ...base, version: '\ud800' }, 'version', /control characters/],
      [{ ...base, namespace: null }, 'namespace', /got null$/],
      [{ ...base, id: 12 }, 'id', /^expected a text of 1 to 512 characters .*got a number$/],
      [{ ...base, status: '200' }, 'status', /from 100 to 599, got "200"$/],
      [{ ...base, status: 99 }, 'status', /got 99$/],
      [{ ...base, status: 200.5 }, 'status', /got 200.5$/],
      [{ ...base, error: 'true' }, 'error', /^expected true or false, got a text$/],
      [{ ...base, latencyMs: -1 }, 'latencyMs', /0 or more, got -1$/],
      [{ ...base, latencyMs: '12ms' }, 'latencyMs', /got "12ms"$/],
      [{ ...base, prediction: true }, 'prediction', /got a boolean$/],
      [{ ...base, prediction: null }, 'prediction', /got null$/],
      [{ ...base, prediction: Infinity }, 'prediction', /finite number/],
      [{ ...base, prediction: '' }, 'prediction', /empty, too long or unprintable/],
      [{ ...base, prediction: [1] }, 'prediction', /got an array$/],
      [{ ...base, prediction: { a: { b: 1 } } }, 'prediction.a', /got an object$/],
      [{ ...base, prediction: { '': 1 } }, 'prediction', /names of outputs/],
      [{ ...base, latency: 12 }, 'latency', /^unknown field; did you mean "latencyMs"\?$/],
      [{ modle: 'fraud', version: 'v2' }, 'modle', /did you mean "model"\?$/],
      [{ ...base, zzzzzzzz: 1 }, 'zzzzzzzz', /^unknown field; known: "namespace", "model"/],
      [{ ...base, at: 1767614400000 }, 'at', /ISO 8601 time/],
      [{ ...base, at: '2026-01-05' }, 'at', /got "2026-01-05"$/],
      [{ ...base, at: '2026-01-05T12:00:00' }, 'at', /with its offset/],
      [{ ...base, at: '2026-02-30T12:00:00Z' }, 'at', /ISO 8601 time/],
      [{ ...base, at: '2026-01-05T12:00:60Z' }, 'at', /ISO 8601 time/],
    ];
    for (const [line, field, reason] of refusals) {
      const problem = problemOf(read(line));
      assert.equal(problem.field, field);
      assert.match(problem.reason, reason);
    }
  });

  it('takes times up to 30 days ago and 5 minutes ahead', () => {
    const at = (ms: number) => read({ ...base, at: new Date(noonMs + ms).toISOString() });
    const month = 30 * 86_400_000;
    assert.ok('atMs' in at(-month));
    assert.equal(problemOf(at(-month - 1)).field, 'at');
    assert.match(problemOf(at(-month - 1)).reason, /at most 30 days ago, got "2025-12-06/);
    assert.ok('atMs' in at(300_000));
    assert.match(problemOf(at(300_001)).reason, /at most 300 s ahead/);
  });

  it('reads times as Date does, with offsets and fractions', () => {
    const offset = fc
      .tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
      .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`);
    const two = (number: number) => String(number).padStart(2, '0');
    const text = fc
      .tuple(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
        fc.constantFrom('', '.5', '.25', '.125', '.0005', '.123456789'),
        fc.oneof(fc.constant('Z'), offset),
      )
      .map(([ms, fraction, zone]) => `${new Date(ms).toISOString().slice(0, 19)}${fraction}${zone}`);
    // Several of a minute after each other, as bodies have them.
    fc.assert(
      fc.property(text, fc.nat(59), (first, second) => {
        const next = `${first.slice(0, 17)}${two(second)}${first.slice(19)}`;
        for (const at of [first, next, first]) {
          const request = read({ ...base, at }, anyTime);
          assert.ok('atMs' in request, at);
          assert.equal(request.atMs, Date.parse(at));
        }
      }),
    );
  });
});

describe('readOutcomeLine', () => {
  const read = (line: unknown) => readOutcomeLine(line, window);

  it('reads a line with everything, and one with the least', () => {
    assert.deepEqual(
      read({
        namespace: 'shop',
        model: 'm',
        version: 'v',
        id: 'i',
        name: 'hit',
        at: '2026-01-05T12:00:00Z',
        value: 2.5,
      }),
      { namespace: 'shop', model: 'm', version: 'v', id: 'i', name: 'hit', atMs: noonMs, value: 2.5 },
    );
    assert.deepEqual(read({ model: 'm', id: 'i', value: true }), {
      namespace: 'default',
      model: 'm',
      id: 'i',
      name: 'default',
      atMs: noonMs,
      value: 1,
    });
  });

  it('names the field that is wrong, and never the value', () => {
    const base = { model: 'm', version: 'v' };
    const refusals: readonly (readonly [line: unknown, field: string, reason: RegExp])[] = [
      [{ model: 'm', value: 1 }, 'version', /^missing; expected a version, or the id/],
      [base, 'value', /^missing; expected a number/],
      [{ ...base, value: '1' }, 'value', /got a text$/],
      [{ ...base, value: null }, 'value', /got null$/],
      [{ ...base, value: 1e200 }, 'value', /got a number$/],
      [{ ...base, value: 1, name: '' }, 'name', /got ""$/],
      [{ ...base, valeu: 1 }, 'valeu', /did you mean "value"\?$/],
      [{ ...base, value: 1, at: 'now' }, 'at', /ISO 8601/],
    ];
    for (const [line, field, reason] of refusals) {
      const problem = problemOf(read(line));
      assert.equal(problem.field, field);
      assert.match(problem.reason, reason);
    }
  });
});

describe('the schemas of lines', () => {
  const text = fc.oneof(
    fc.constantFrom(
      'fraud',
      'v2',
      '',
      'x'.repeat(253),
      'x'.repeat(254),
      'a\u0007',
      '\ud800',
      'ü \u{1f600}',
      '\u007f',
      '\n',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('i'.repeat(512), 'i'.repeat(513)),
  );
  const instant = fc.oneof(
    fc.constantFrom(
      '2026-01-05T12:00:00Z',
      '2026-01-05T12:00:00.123Z',
      '2026-01-05T12:00:00+02:00',
      '2026-01-05T12:00:00+24:00',
      '2024-02-29T00:00:00Z',
      '2025-02-29T00:00:00Z',
      '2026-01-05T12:00Z',
      '2026-01-05 12:00:00Z',
      '2026-01-05T24:00:00Z',
      '2026-01-05T12:00:00z',
      '2026-01-05T12:00:00',
    ),
    fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const number = fc.oneof(
    fc.double(),
    fc.integer({ min: 90, max: 610 }),
    fc.constantFrom(-0, 0, 1e100, 1.1e100, -1e101, Infinity, NaN, 99, 100, 599, 600, 200.5),
  );
  const junk = fc.oneof(fc.constantFrom(null, true, [], [1], {}), number, text);
  /** Mostly the first, sometimes anything, sometimes nothing. */
  const mostly = (arbitrary: fc.Arbitrary<unknown>) =>
    fc.oneof(
      { weight: 6, arbitrary },
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: junk },
    );
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('fraud', 'v2') },
    { weight: 1, arbitrary: text },
  );
  const extra = fc.dictionary(
    fc.constantFrom('latency', 'x', 'value', 'name', 'prediction', 'constructor'),
    junk,
    { maxKeys: 1 },
  );

  function defined(line: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
  }

  /** Both take the line, or both refuse it. */
  function agree(schema: z.ZodType, read: (line: unknown) => object, line: unknown): void {
    const parsed = schema.safeParse(line);
    const event = read(line);
    assert.equal(
      'reason' in event,
      !parsed.success,
      `${JSON.stringify(line)}: ${JSON.stringify(event)} against ${JSON.stringify(parsed.error?.issues)}`,
    );
    // A schema looks for a version or an id only once everything else is right.
    const needsEither = 'field' in event && event.field === 'version';
    if (!parsed.success && parsed.error.issues.length === 1 && 'field' in event && !needsEither) {
      const [issue] = parsed.error.issues;
      const path = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? []);
      assert.equal(String(event.field).split('.')[0], path.length === 0 ? '' : String(path[0]));
    }
  }

  it('take and refuse the same lines of predictions as the check by hand', () => {
    const line = fc
      .record({
        base: fc.record({
          namespace: mostly(name),
          model: mostly(name),
          version: mostly(name),
          at: mostly(instant),
          id: mostly(text),
          status: mostly(fc.integer({ min: 90, max: 610 })),
          error: mostly(fc.boolean()),
          latencyMs: mostly(number),
          prediction: mostly(
            fc.oneof(number, text, fc.dictionary(name, fc.oneof(number, text, junk), { maxKeys: 3 })),
          ),
        }),
        extra: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extra }),
      })
      .map((parts) => defined({ ...parts.base, ...parts.extra }));
    fc.assert(
      fc.property(fc.oneof({ weight: 30, arbitrary: line }, { weight: 1, arbitrary: junk }), (value) => {
        agree(predictionLineSchema, (read) => readPredictionLine(read, anyTime), value);
      }),
      { numRuns: 3000 },
    );
  });

  it('take and refuse the same lines of outcomes as the check by hand', () => {
    const line = fc
      .record({
        base: fc.record({
          namespace: mostly(name),
          model: mostly(name),
          version: mostly(name),
          id: mostly(text),
          name: mostly(name),
          at: mostly(instant),
          value: mostly(fc.oneof(number, fc.boolean())),
        }),
        extra: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extra }),
      })
      .map((parts) => defined({ ...parts.base, ...parts.extra }));
    fc.assert(
      fc.property(fc.oneof({ weight: 30, arbitrary: line }, { weight: 1, arbitrary: junk }), (value) => {
        agree(outcomeLineSchema, (read) => readOutcomeLine(read, anyTime), value);
      }),
      { numRuns: 3000 },
    );
  });
});
