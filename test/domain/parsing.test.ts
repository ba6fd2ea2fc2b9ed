import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { confidenceField, rateField } from '../../src/domain/fields.js';
import { joinPath, parseWith, quote } from '../../src/domain/parsing.js';
import { errorsOf, pathsOf, valueOf } from '../support/value-of.js';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  count: z.number().nonnegative(),
  mode: z.enum(['evidence', 'threshold']).default('evidence'),
  fixed: z.literal('v1').optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  whole: z.int().max(9).optional(),
  list: z
    .array(z.strictObject({ weight: z.number().max(1) }))
    .min(1)
    .optional(),
  byName: z.record(z.string(), z.strictObject({ limit: z.number() })).optional(),
  either: z
    .union([z.strictObject({ edges: z.array(z.number()) }), z.strictObject({ labels: z.array(z.string()) })])
    .optional(),
});

const good = { name: 'a', count: 1 };

describe('parsing', () => {
  it('gives the value with its defaults', () => {
    assert.deepEqual(valueOf(parseWith(schema, good)), { ...good, mode: 'evidence' });
  });

  for (const [what, value, path, message] of [
    ['a missing field', { count: 1 }, 'name', 'missing; expected a text'],
    ['an empty text', { ...good, name: '' }, 'name', 'expected a text that is not empty, got ""'],
    [
      'a long text',
      { ...good, name: 'abcdef' },
      'name',
      'expected a text of at most 5 characters, got "abcdef"',
    ],
    ['a wrong type', { ...good, count: '1' }, 'count', 'expected a number, got "1"'],
    ['null', { ...good, count: null }, 'count', 'expected a number, got null'],
    ['an array', { ...good, count: [] }, 'count', 'expected a number, got an array'],
    ['a negative number', { ...good, count: -1 }, 'count', 'expected a number of at least 0, got -1'],
    ['a fraction', { ...good, whole: 1.5 }, 'whole', 'expected a whole number, got 1.5'],
    ['too large a number', { ...good, whole: 10 }, 'whole', 'expected a number of at most 9, got 10'],
    ['another word', { ...good, mode: 'x' }, 'mode', 'expected one of "evidence", "threshold", got "x"'],
    ['another constant', { ...good, fixed: 'v2' }, 'fixed', 'expected "v1", got "v2"'],
    [
      'no time',
      { ...good, at: 'noon' },
      'at',
      'expected an ISO 8601 time such as "2026-01-05T10:00:00Z", got "noon"',
    ],
    ['an empty list', { ...good, list: [] }, 'list', 'expected at least 1 entries, got an array'],
    [
      'a field in a list',
      { ...good, list: [{ weight: 0 }, { weight: 2 }] },
      'list[1].weight',
      'expected a number of at most 1, got 2',
    ],
    [
      'a field in a map',
      { ...good, byName: { drift: {} } },
      'byName.drift.limit',
      'missing; expected a number',
    ],
    ['no object', 7, '', 'expected an object, got 7'],
    ['nothing', undefined, '', 'missing; expected an object'],
  ] as const) {
    it(`names path, value and expectation of ${what}`, () => {
      assert.deepEqual(errorsOf(parseWith(schema, value)), [{ path, message }]);
    });
  }

  it('names the nearest known key at every level, or the known ones', () => {
    const [top] = errorsOf(parseWith(schema, { ...good, nmae: 1 }));
    assert.deepEqual(top, { path: 'nmae', message: 'unknown field; did you mean "name"?' });
    const [inList] = errorsOf(parseWith(schema, { ...good, list: [{ weight: 1, wieght: 1 }] }));
    assert.deepEqual(inList, { path: 'list[0].wieght', message: 'unknown field; did you mean "weight"?' });
    const [inMap] = errorsOf(parseWith(schema, { ...good, byName: { drift: { limit: 1, limits: 2 } } }));
    assert.deepEqual(inMap, { path: 'byName.drift.limits', message: 'unknown field; did you mean "limit"?' });
    const [far] = errorsOf(parseWith(schema, { ...good, byName: { drift: { limit: 1, zzzzzzzzzz: 2 } } }));
    assert.deepEqual(far, { path: 'byName.drift.zzzzzzzzzz', message: 'unknown field; known: "limit"' });
  });

  it('reports every offending field, in one answer', () => {
    assert.deepEqual(pathsOf(parseWith(schema, { name: 1, count: 'x', extra: true })), [
      'name',
      'count',
      'extra',
    ]);
  });

  it('complains of the branch of a union that is of the type that was written', () => {
    const short = z.union([z.string().min(2), z.strictObject({ metric: z.string(), less: z.string() })]);
    const told = (value: unknown) =>
      errorsOf(parseWith(z.strictObject({ at: short }), { at: value })).map(
        ({ path, message }) => `${path}: ${message}`,
      );
    assert.deepEqual(told({ metrics: 'x' }), [
      'at.metric: missing; expected a text',
      'at.less: missing; expected a text',
      'at.metrics: unknown field; did you mean "metric"?',
    ]);
    assert.deepEqual(told(''), ['at: expected a text that is not empty, got ""']);
    assert.deepEqual(told(5), ['at: expected a text, got 5']);
  });

  it('complains of the branch of a union that was most likely meant', () => {
    assert.deepEqual(errorsOf(parseWith(schema, { ...good, either: { labels: ['a', 7] } })), [
      { path: 'either.labels[1]', message: 'expected a text, got 7' },
    ]);
  });

  it('puts where it is before every path', () => {
    assert.deepEqual(pathsOf(parseWith(schema, { count: 1 }, { at: 'policies.default' })), [
      'policies.default.name',
    ]);
    assert.deepEqual(pathsOf(parseWith(schema, 1, { at: 'body' })), ['body']);
  });

  it('never shows a value where values may be payload', () => {
    const secret = 'prediction-of-4711';
    const payload = z.strictObject({
      id: z.string().max(3),
      value: z.number().max(1),
      mode: z.enum(['a', 'b']),
      at: z.iso.datetime(),
      share: rateField(),
      confidence: confidenceField(),
    });
    const value = { id: secret, value: 4711, mode: secret, at: secret, share: '47.11', confidence: secret };
    const errors = errorsOf(parseWith(payload, value, { showValues: false }));
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['id', 'value', 'mode', 'at', 'share', 'confidence'],
    );
    for (const { path, message } of errors) {
      assert.doesNotMatch(message, /47\.?11|prediction-of/, `${path}: ${message}`);
    }
  });

  it('answers anything at all with a value or with errors that have a sentence', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parseWith(schema, value);
        if (parsed.ok) return;
        assert.ok(parsed.errors.length > 0);
        for (const { message } of parsed.errors) assert.ok(message.length > 5);
      }),
      { seed: 20260105, numRuns: 300 },
    );
  });
});

describe('paths and quotes', () => {
  it('join as a person would write them', () => {
    assert.equal(joinPath('', ['looks', 3, 'canary', 'requests']), 'looks[3].canary.requests');
    assert.equal(joinPath('before', ['looks', 0]), 'before.looks[0]');
    assert.equal(joinPath('body', []), 'body');
  });

  it('quote a value in a few characters', () => {
    assert.equal(quote(undefined), 'nothing');
    assert.equal(quote(null), 'null');
    assert.equal(quote([1]), 'an array');
    assert.equal(quote({}), 'an object');
    assert.equal(quote(true), 'true');
    assert.equal(quote(10n), 'bigint');
    assert.equal(quote('x'.repeat(100)), `"${'x'.repeat(56)}…`);
    assert.equal(quote('secret', false), 'a text');
    assert.equal(quote(4711, false), 'a number');
    assert.equal(quote(true, false), 'boolean');
  });
});
