import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ArraySplitter } from '../../src/ingest/array-splitter.js';
import type { BodyItem } from '../../src/ingest/body-item.js';

const roomy = { maxLineBytes: 64 * 1024, maxLines: 1_000_000 };

/** What is read from an array that comes in these pieces. */
function split(
  pieces: readonly (string | Buffer)[],
  limits: Partial<typeof roomy> = {},
): readonly BodyItem[] {
  const splitter = new ArraySplitter({ ...roomy, ...limits });
  const items = pieces.flatMap((piece) => splitter.push(Buffer.from(piece)));
  splitter.end();
  return items;
}

function bytesOf(bytes: Buffer): readonly Buffer[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

/** The bytes cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const noArray = { code: 'invalid-input', message: /not one JSON array in UTF-8; nothing of it was counted$/ };

/** Values with everything in their texts that means something outside of them. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.jsonValue({ stringUnit: fc.constantFrom('"', '\\', ',', '[', ']', '{', '}', '\n', 'ü', '\u{1f6b2}') }),
);

describe('ArraySplitter', () => {
  it('hands an element on with the piece that ends it', () => {
    const splitter = new ArraySplitter(roomy);
    assert.deepEqual(splitter.push(Buffer.from(' [ {"a":1} , {"b"')), [{ line: 1, value: { a: 1 } }]);
    assert.deepEqual(splitter.push(Buffer.from(':2}')), []);
    assert.deepEqual(splitter.push(Buffer.from(',3')), [{ line: 2, value: { b: 2 } }]);
    assert.deepEqual(splitter.push(Buffer.from('] \r\n\t')), [{ line: 3, value: 3 }]);
    splitter.end();
  });

  it('reads what JSON.parse reads, element by element, wherever the pieces end', () => {
    const places = fc.array(fc.nat(), { maxLength: 8 });
    const space = fc.constantFrom(undefined, 2, '\t');
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 8 }), space, places, (values, indent, at) => {
        const bytes = Buffer.from(JSON.stringify(values, null, indent));
        const expected = (JSON.parse(bytes.toString()) as readonly unknown[]).map((value, index) => ({
          line: index + 1,
          value,
        }));
        assert.deepEqual(split([bytes]), expected);
        assert.deepEqual(split(cut(bytes, at)), expected);
        assert.deepEqual(split(bytesOf(bytes)), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses exactly the texts that JSON.parse refuses', () => {
    const valid = fc.array(anyValue, { maxLength: 4 }).map((values) => JSON.stringify(values));
    const change = fc.record({
      at: fc.nat(),
      removed: fc.nat(2),
      added: fc.constantFrom('', ',', '[', ']', '{', '}', '"', '\\', ' ', '1', ':', '][', ',,', '\u0001'),
    });
    fc.assert(
      fc.property(valid, change, (text, { at, removed, added }) => {
        // The bracket that it begins with makes it an array.
        const begin = 1 + (at % text.length);
        // By way of bytes, as half a pair of surrogates has none.
        const changed = Buffer.from(text.slice(0, begin) + added + text.slice(begin + removed)).toString();
        let values: unknown;
        try {
          values = JSON.parse(changed);
        } catch {
          assert.throws(() => split([changed]), noArray, changed);
          assert.throws(() => split(bytesOf(Buffer.from(changed))), noArray, changed);
          return;
        }
        assert.deepEqual(
          split([changed]),
          (values as readonly unknown[]).map((value, index) => ({ line: index + 1, value })),
        );
      }),
      { numRuns: 2000 },
    );
  });

  for (const text of [
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1}',
    '[}',
    '[{]}]',
    '[1] [2]',
    '[1]x',
    '[1]]',
    '[ñ]',
  ]) {
    it(`refuses ${text}`, () => {
      assert.throws(() => split([text]), noArray);
    });
  }

  it('refuses what is not UTF-8, and takes a replacement character that stands there by right', () => {
    assert.throws(() => split(['["', Buffer.from([0xc3, 0x28]), '"]']), noArray);
    assert.deepEqual(split(['["\ufffd"]']), [{ line: 1, value: '\ufffd' }]);
  });

  it('names elements that are too long, and goes on behind them', () => {
    const long = `{"a":"${'],\\"[{'.repeat(10)}"}`;
    const text = `[${long},{"b":1},${long}, [${'1,'.repeat(40)}2] ,{"c":2},${long}]`;
    const problem = 'expected a line of at most 30 bytes';
    for (const pieces of [[text], bytesOf(Buffer.from(text)), [text.slice(0, 20), text.slice(20)]]) {
      assert.deepEqual(split(pieces, { maxLineBytes: 30 }), [
        { line: 1, problem },
        { line: 2, value: { b: 1 } },
        { line: 3, problem },
        { line: 4, problem },
        { line: 5, value: { c: 2 } },
        { line: 6, problem },
      ]);
    }
  });

  it('measures elements in bytes, without the white space before them', () => {
    assert.deepEqual(split([`[${' '.repeat(100)}{"ä":1}]`], { maxLineBytes: 8 }), [
      { line: 1, value: { ä: 1 } },
    ]);
    assert.deepEqual(split(['[{"ä":1}]'], { maxLineBytes: 7 }), [
      { line: 1, problem: 'expected a line of at most 7 bytes' },
    ]);
  });

  it('reads an element of as many brackets as fit into it, and names one of more', () => {
    const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const [fits, tooDeep] = split([`[${deep(30_000)},${deep(1_000_000)}]`]);
    assert.ok(fits !== undefined && 'value' in fits && Array.isArray(fits.value));
    assert.deepEqual(tooDeep, { line: 2, problem: 'expected a line of at most 65536 bytes' });
  });

  it('ends at the first element that is one too many', () => {
    const splitter = new ArraySplitter({ ...roomy, maxLines: 1000 });
    assert.equal(splitter.push(Buffer.from(`[${'[],'.repeat(1000)}`)).length, 1000);
    assert.throws(() => splitter.push(Buffer.from('{},')), {
      code: 'too-large',
      message: /ingest\.linesLimit/,
    });
  });
});
