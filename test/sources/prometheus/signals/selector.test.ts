import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  oneOf,
  regexLiteral,
  selectorText,
  stringLiteral,
} from '../../../../src/sources/prometheus/signals/selector.js';
import type { Matcher } from '../../../../src/sources/prometheus/signals/signal.js';
import { fits, readSelector, unescapeString } from './read-selector.js';

/** Any text that UTF-8 can have, with what means something in selectors and expressions often in it. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\n', '}', '{', '|', '.*', "'", '`', ','),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('selectors', () => {
  it('are what a person would write', () => {
    assert.equal(selectorText(['http_requests_total'], []), 'http_requests_total');
    assert.equal(
      selectorText(
        ['http_requests_total'],
        [
          { label: 'app', operator: '=', value: 'fraud' },
          { label: 'code', operator: '=~', value: '5..' },
          { label: 'path', operator: '!~', value: '/healthz|/metrics' },
        ],
      ),
      'http_requests_total{app="fraud",code=~"5..",path!~"/healthz|/metrics"}',
    );
    assert.equal(
      selectorText(['a_total', 'b_total'], [{ label: 'app', operator: '!=', value: '' }]),
      '{__name__=~"a_total|b_total",app!=""}',
    );
  });

  it('write names that are words of the language, or none of its names, as text', () => {
    assert.equal(selectorText(['sum'], []), '{__name__="sum"}');
    assert.equal(selectorText(['inf'], []), '{__name__="inf"}');
    assert.equal(selectorText(['group_left'], []), '{__name__="group_left"}');
    assert.equal(
      selectorText(['http.server.duration'], [{ label: 'service.name', operator: '=', value: 'x' }]),
      '{__name__="http.server.duration","service.name"="x"}',
    );
    assert.equal(selectorText(['vllm:e2e_seconds_bucket'], []), 'vllm:e2e_seconds_bucket');
  });

  it('escape what ends a text, and what nobody could read', () => {
    assert.equal(stringLiteral('a"b\\c\nd\re\tf\u0000\u0085g'), String.raw`"a\"b\\c\nd\re\tf\u0000\u0085g"`);
    assert.equal(stringLiteral('Ünïcode 🦦 値'), '"Ünïcode 🦦 値"');
  });

  it('replace halves of characters, which no label can have', () => {
    assert.equal(stringLiteral('\ud800x\udc00'), '"\ufffdx\ufffd"');
    assert.doesNotThrow(() => encodeURIComponent(stringLiteral('\udfff')));
  });

  it('say exactly what was meant, whatever the names and values are', () => {
    const operators = ['=', '!=', '=~', '!~'] as const;
    const matcher: fc.Arbitrary<Matcher> = fc
      .tuple(fc.oneof(fc.constantFrom('app', 'le', '_x1'), anyText), fc.constantFrom(...operators), anyText)
      .map(([label, operator, value]) => ({ label, operator, value }));
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom('http_requests_total', 'up', 'a:b'), anyText),
        fc.array(matcher, { maxLength: 3 }),
        (metric, matchers) => {
          const read = readSelector(selectorText([metric], matchers));
          const [first, ...others] = read.matchers;
          if (read.metric === undefined) {
            assert.deepEqual(first, { label: '__name__', operator: '=', value: metric });
            assert.deepEqual(others, matchers);
          } else {
            assert.equal(read.metric, metric);
            assert.deepEqual(read.matchers, matchers);
          }
        },
      ),
    );
  });

  it('match the texts that were given and no other one, also as an expression', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 3 }), anyText, (values, other) => {
        const matcher = oneOf('x', values);
        const [read] = readSelector(selectorText(['a_b'], [matcher])).matchers;
        assert.deepEqual(read, matcher);
        for (const value of values) assert.ok(fits(matcher, value));
        assert.equal(fits(matcher, other), values.includes(other));
      }),
    );
  });

  it('escape in expressions what Go escapes there', () => {
    assert.equal(
      regexLiteral(String.raw`a.b+c*d?e(f)g|h[i]j{k}l^m$n\o-p/q`),
      String.raw`a\.b\+c\*d\?e\(f\)g\|h\[i\]j\{k\}l\^m\$n\\o-p/q`,
    );
  });

  it('read back in the way of Go', () => {
    assert.equal(unescapeString(String.raw`"\u0041\n\\"`), 'A\n\\');
    assert.throws(() => unescapeString('"a\nb"'));
    assert.throws(() => unescapeString(String.raw`"\q"`));
  });
});
