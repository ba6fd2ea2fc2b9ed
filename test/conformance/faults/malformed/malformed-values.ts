import fc from 'fast-check';
import { guardrailSettingNames } from '../../../../src/server/schemas/guardrail-settings.js';
import { verdictArgumentsSchema } from '../../../../src/server/schemas/verdict-arguments.js';

/** What people and machines get wrong in names and values, as the inputs of every route. */

/** Names that a field may have: real ones, those that objects have by themselves, and any. */
export const fieldName = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...Object.keys(verdictArgumentsSchema.shape),
      ...guardrailSettingNames,
      ...['version', 'at', 'id', 'status', 'error', 'latencyMs', 'prediction', 'name', 'value', 'guardrails'],
      ...['limit', 'cursor', 'until', 'verdict', 'requestsPerSecond', 'within'],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '.', 'a.', '.a'],
      ...['error-rate.promoteBelow', 'latency-p99.quantile', 'nope.bins', '__proto__.bins'],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

/** Texts that a value may be. */
export const fieldText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['', '0', '-0', '1', '5%', '0.5', '-3%', '101%', '1e999', '1e-400', 'NaN', 'Infinity', '0x10'],
      ...['200ms', '2m', '-1s', '99999999999999d', 'true', 'null', 'hold', 'pass', 'all', 'self'],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['shop', 'v1', 'v2', 'default', 'threshold', 'error-rate', 'plain-loop', '__proto__', 'constructor'],
      ...['2026-01-05T10:58:00Z', '9999-12-31T23:59:59Z', '-271821-04-20T00:00:00Z', '2026-02-30T00:00:00Z'],
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.nat({ max: 5000 }).map((length) => 'x'.repeat(length)) },
);

/** JSON as text, which may hold what JSON.stringify never writes. */
const jsonText = fc.oneof(
  { weight: 5, arbitrary: fieldText.map((text) => JSON.stringify(text)) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...[
        '0',
        '-0',
        '1',
        '-1',
        '0.5',
        '1e308',
        '1e999',
        '-1e999',
        '1e-400',
        '123456789012345678901234567890',
      ],
      ...[
        'true',
        'false',
        'null',
        '{}',
        '[]',
        '[[[]]]',
        '"\\ud800"',
        '"\\u0000"',
        '200',
        '599',
        '1767607200000',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 1000 })
      .map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
  },
);

/** A JSON object as text, with fields that may stand in it twice. */
export const objectText = fc.array(fc.tuple(fieldName, jsonText), { maxLength: 8 }).chain((fields) =>
  fc
    .constantFrom('', '"model":"shop","version":"v2",', '"model":"shop","canary":"v2","stable":"v1",')
    .map((known) => {
      const rest = fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',');
      return rest === '' ? `{${known.slice(0, -1)}}` : `{${known}${rest}}`;
    }),
);

/** Texts that are no JSON, or JSON of the wrong kind. */
const brokenText = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      '{"a"',
      '{"a":}',
      '[1,]',
      '{"a":1,}',
      "{'a':1}",
      'null',
      '1',
      '"x"',
    ],
    ...[
      '\ufeff{}',
      'NaN',
      '{"model":"shop"}{"model":"shop"}',
      '[{}',
      '\u2028',
      'undefined',
      '<xml/>',
      'a=b&c=d',
    ],
  ),
  objectText.chain((text) => fc.nat({ max: text.length }).map((length) => text.slice(0, length))),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

/** The bytes of a body: one object, many lines, an array, what is broken, and what is no text at all. */
export const bodyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: objectText.map(bytesOf) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.array(fc.oneof(objectText, brokenText), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\n\n'),
      )
      .map(([lines, between]) => bytesOf(lines.join(between))),
  },
  {
    weight: 1,
    arbitrary: fc.array(jsonText, { maxLength: 6 }).map((values) => bytesOf(`[${values.join(',')}]`)),
  },
  { weight: 3, arbitrary: brokenText.map(bytesOf) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(objectText, fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.nat({ max: 100 }))
      .map(([text, bytes, at]) => {
        const place = Math.min(at, text.length);
        return Buffer.concat([bytesOf(text.slice(0, place)), bytes, bytesOf(text.slice(place))]);
      }),
  },
);
