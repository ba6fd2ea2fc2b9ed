import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ArraySplitter } from '../../../../../src/sources/prometheus/server/answers/array-splitter.js';

interface Split {
  readonly objects: readonly string[];
  readonly rest: string | undefined;
  readonly isOpen: boolean;
}

function split(text: string, path: readonly string[], pieceLength = Infinity): Split {
  const bytes = Buffer.from(text, 'utf8');
  const splitter = new ArraySplitter(path);
  const objects: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    splitter.push(bytes.subarray(at, Math.min(bytes.length, at + pieceLength)), (object) => {
      objects.push(object.toString('utf8'));
    });
  }
  return { objects, rest: splitter.rest(), isOpen: splitter.isOpen };
}

describe('ArraySplitter', () => {
  it('takes the objects of an array out and leaves a 0 for each', () => {
    const text = '{"status":"success","data":{"resultType":"matrix","result":[{"a":[1,2]},{"b":{}}]}}';
    assert.deepEqual(split(text, ['data', 'result']), {
      objects: ['{"a":[1,2]}', '{"b":{}}'],
      rest: '{"status":"success","data":{"resultType":"matrix","result":[0,0]}}',
      isOpen: false,
    });
  });

  it('gives an object as soon as it is complete', () => {
    const splitter = new ArraySplitter(['data']);
    const seen: string[] = [];
    const push = (text: string): number => {
      splitter.push(Buffer.from(text), (object) => seen.push(object.toString()));
      return seen.length;
    };
    assert.equal(push('{"data":[{"a":"}'), 0);
    assert.equal(push('"}'), 1);
    assert.equal(push(',{"b":1}'), 2);
    assert.deepEqual(seen, ['{"a":"}"}', '{"b":1}']);
  });

  it('takes nothing out of other arrays', () => {
    for (const text of [
      '{"result":[{"a":1}]}',
      '{"other":{"result":[{"a":1}]}}',
      '{"data":{"other":[{"a":1}]},"result":[{"a":1}]}',
      '{"data":{"deep":{"result":[{"a":1}]}}}',
      '{"data":[{"result":[{"a":1}]}]}',
      '{"x\\"data":{"x\\"result":[{"a":1}]}}',
      '[{"data":{"result":1}}]',
    ]) {
      assert.deepEqual(split(text, ['data', 'result']), { objects: [], rest: text, isOpen: false }, text);
    }
  });

  it('says where a text breaks off', () => {
    for (const text of ['', '{', '{"data":[', '{"data":[{"a":1}', '{"data":[{"a":1}]', '{"data":["']) {
      assert.ok(split(text, ['data']).isOpen, text);
    }
    assert.equal(split('{"data":[{"a":1', ['data']).rest, undefined);
  });

  it('finds in any JSON, however it is cut into pieces, what JSON.parse finds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    const awkward = fc.constantFrom('"', '\\', '\\"', ']}', '"result":[', '{', 'ü', '💡');
    const strings = fc.oneof(
      text,
      awkward,
      fc.array(awkward).map((parts) => parts.join('')),
    );
    const values = fc.oneof(strings, fc.integer(), fc.constant(null), fc.array(strings, { maxLength: 3 }));
    const objects = fc.dictionary(strings, fc.oneof(values, fc.dictionary(strings, values)), { maxKeys: 3 });
    const bodies = fc.record({
      status: strings,
      data: fc.record({ resultType: strings, result: fc.array(objects, { maxLength: 5 }), more: values }),
      infos: fc.array(strings, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1), (body, piece, indent) => {
        const {
          objects: found,
          rest,
          isOpen,
        } = split(JSON.stringify(body, undefined, indent), ['data', 'result'], piece);
        assert.equal(isOpen, false);
        assert.deepEqual(
          found.map((one): unknown => JSON.parse(one)),
          JSON.parse(JSON.stringify(body.data.result)),
        );
        const emptied = { ...body, data: { ...body.data, result: body.data.result.map(() => 0) } };
        assert.deepEqual(JSON.parse(rest ?? ''), JSON.parse(JSON.stringify(emptied)));
      }),
      { numRuns: 300 },
    );
  });
});
