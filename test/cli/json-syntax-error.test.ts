import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonErrorIndex } from '../../src/cli/json-syntax-error.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A JSON text in which one place was changed, so that it may be none any more. */
const damaged = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.oneof(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', ' ', '\n', '\u0001'),
      fc.constantFrom('tru', 'null', 'NaN', '01', '+1', '\\u12', '\u2028', '//', "'"),
      fc.string({ maxLength: 2 }),
    ),
    fc.constantFrom(0, 1, 1_000_000),
  )
  .map(([json, place, extra, removed]) => {
    const at = place % (json.length + 1);
    return json.slice(0, at) + extra + json.slice(at + removed);
  });

describe('jsonErrorIndex', () => {
  it('finds an error exactly where JSON.parse finds one', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        assert.equal(jsonErrorIndex(text) === undefined, isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('points at the first thing that no JSON text could go on with', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const index = jsonErrorIndex(text);
        if (index === undefined) return;
        assert.ok(index <= text.length);
        assert.ok(
          jsonErrorIndex(text.slice(0, index)) === undefined ||
            jsonErrorIndex(text.slice(0, index)) === index,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('knows the place of every kind of mistake', () => {
    const cases = [
      ['{"a": 1,\n  "b": }', 16],
      ['{"a": 1,}', 8],
      ['{a: 1}', 1],
      ["{'a': 1}", 1],
      ['{"a" 1}', 5],
      ['{"a":: 1}', 5],
      ['[1 2]', 3],
      ['[1,]', 3],
      ['[,1]', 1],
      ['[1}', 2],
      ['{"a":1]', 6],
      ['1 1', 2],
      ['NaN', 0],
      ['[-Infinity]', 1],
      ['[01]', 1],
      ['[1.]', 1],
      ['["a\nb"]', 3],
      ['["\\x"]', 2],
      ['["\\u12g4"]', 2],
      ['["abc', 5],
      ['[1, 2', 5],
      ['', 0],
      [' ', 1],
    ] as const;
    for (const [text, index] of cases) assert.equal(jsonErrorIndex(text), index, text);
  });

  it('reads a text of any depth', () => {
    const deep = 500_000;
    assert.equal(jsonErrorIndex('['.repeat(deep) + ']'.repeat(deep)), undefined);
    assert.equal(jsonErrorIndex('['.repeat(deep) + '}'), deep);
  });
});
