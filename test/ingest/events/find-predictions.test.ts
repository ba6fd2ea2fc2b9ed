import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readEventBody } from '../../../src/ingest/events/event-body.js';
import { defaultEventSettings, type EventSettings } from '../../../src/ingest/events/index.js';
import { findPredictions } from '../../../src/ingest/events/find-predictions.js';

const longest = 1024 * 1024;

function found(body: unknown, settings: Partial<EventSettings> = {}): unknown {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const result = findPredictions(readEventBody(bytes, longest), { ...defaultEventSettings, ...settings });
  return result.kind === 'predictions' ? result.values : result.kind;
}

/** A body of the Open Inference Protocol with its tensors as bytes. */
function withTensors(
  ...tensors: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly bytes: Uint8Array;
  }[]
): Uint8Array {
  const outputs = tensors.map(({ bytes, ...tensor }) => ({
    ...tensor,
    parameters: { binary_data_size: bytes.length },
  }));
  const head = JSON.stringify({ model_name: 'm {"x\\"}', outputs });
  return Buffer.concat([Buffer.from(head), ...tensors.map(({ bytes }) => bytes)]);
}

const tensor = (name: string, shape: readonly number[], data: readonly unknown[], datatype = 'FP32') => ({
  name,
  shape,
  datatype,
  data,
});

describe('findPredictions', () => {
  for (const [what, body, settings, expected] of [
    ['numbers of the first protocol', { predictions: [0.1, 7, -2] }, {}, [0.1, 7, -2]],
    ['labels', { predictions: ['cat', 'dog'] }, {}, ['cat', 'dog']],
    ['booleans as scores', { predictions: [true, false] }, {}, [1, 0]],
    ['rows of one value', { predictions: [[0.1], [[0.2]]] }, {}, [0.1, 0.2]],
    ['one of several values', { predictions: [[0.9, 0.1]] }, { index: 1 }, [0.1]],
    ['nothing where it is not said which of several', { predictions: [[0.9, 0.1]] }, {}, []],
    ['no value beyond the end', { predictions: [[0.9, 0.1]] }, { index: 2 }, []],
    ['the highest class as a label', { predictions: [[0.1, 0.7, 0.2]] }, { kind: 'label' }, ['1']],
    ['numbers as labels', { predictions: [3] }, { kind: 'label' }, ['3']],
    ['no label as a score', { predictions: ['cat'] }, { kind: 'score' }, []],
    ['the field of an object', { predictions: [{ a: 1, b: 2 }] }, { output: 'b' }, [2]],
    ['the only field of an object', { predictions: [{ score: 0.5 }] }, {}, [0.5]],
    ['nothing of an object of several fields', { predictions: [{ a: 1, b: 2 }] }, {}, []],
    ['no inherited field', { predictions: [{ a: 1, b: 2 }] }, { output: 'toString' }, []],
    ['the first tensor', { outputs: [tensor('a', [2], [1, 2]), tensor('b', [2], [3, 4])] }, {}, [1, 2]],
    [
      'a tensor by its name',
      { outputs: [tensor('a', [1], [1]), tensor('b', [1], [3])] },
      { output: 'b' },
      [3],
    ],
    ['no tensor of another name', { outputs: [tensor('a', [1], [1])] }, { output: 'b' }, []],
    ['flat rows by the shape', { outputs: [tensor('p', [2, 2], [1, 2, 3, 4])] }, { index: 1 }, [2, 4]],
    [
      'nested rows',
      {
        outputs: [
          tensor(
            'p',
            [2, 2],
            [
              [1, 2],
              [3, 4],
            ],
          ),
        ],
      },
      { index: 0 },
      [1, 3],
    ],
    ['rows of one', { outputs: [tensor('p', [3, 1], [1, 2, 3])] }, {}, [1, 2, 3]],
    ['nothing of a shape that does not fit', { outputs: [tensor('p', [2, 2], [1, 2, 3])] }, { index: 0 }, []],
    ['texts of a tensor', { outputs: [tensor('p', [1], ['cat'], 'BYTES')] }, {}, ['cat']],
    ["Seldon's rows", { data: { names: ['proba'], ndarray: [[0.9], [0.8]] } }, {}, [0.9, 0.8]],
    [
      "Seldon's columns by name",
      { data: { names: ['no', 'yes'], ndarray: [[0.3, 0.7]] } },
      { output: 'yes' },
      [0.7],
    ],
    [
      "the highest of Seldon's columns",
      { data: { names: ['no', 'yes'], ndarray: [[0.3, 0.7]] } },
      { kind: 'label' },
      ['yes'],
    ],
    ["Seldon's tensor", { data: { tensor: { shape: [2, 2], values: [1, 2, 3, 4] } } }, { index: 0 }, [1, 3]],
    ["Seldon's text", { strData: 'cat' }, {}, ['cat']],
    ["Seldon's JSON", { jsonData: { predictions: [0.5] } }, {}, [0.5]],
    ["Seldon's bytes not", { binData: 'AAAA' }, {}, []],
    ['a bare list', [0.5, 0.25], {}, [0.5, 0.25]],
    ['a bare value', 0.5, {}, [0.5]],
    ['what a path leads to', { result: { scores: [0.5] } }, { path: ['result', 'scores'] }, [0.5]],
    [
      'every element of a path',
      { choices: [{ p: 0.1 }, { p: 0.2 }, {}] },
      { path: ['choices', '*', 'p'] },
      [0.1, 0.2],
    ],
    ['one element of a path', { choices: [{ p: 0.1 }] }, { path: ['choices', '0', 'p'] }, [0.1]],
    ['nothing where a path leads nowhere', { choices: [] }, { path: ['choices', '0'] }, []],
    ['nothing inherited on a path', { a: 1 }, { path: ['constructor', 'name'] }, []],
    ['the first instance', { predictions: [0.1, 0.2] }, { instances: 'first' }, [0.1]],
    ['the values of one kind', { predictions: [0.1, 'cat', 0.2] }, {}, [0.1, 0.2]],
    ['no null, and no label that cannot be stored', { predictions: [null, 'a\nb', '', 0.2] }, {}, [0.2]],
    ['no lists without an end', { predictions: [[[[[[[0.5]]]]]]] }, {}, []],
    ['an unknown form', { text_output: 'hello' }, {}, []],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(found(body, settings), expected);
    });
  }

  for (const body of [
    { ready: true },
    { live: false },
    { name: 'm', ready: true },
    { status: 'alive' },
    { name: 'm', versions: ['1'], platform: 'x', inputs: [] },
    { name: 'server', version: '2', extensions: [] },
    { models: [] },
  ]) {
    it(`takes ${JSON.stringify(body)} for no inference`, () => {
      assert.equal(found(body), 'not-inference');
    });
  }

  it('takes an empty body for no inference', () => {
    assert.equal(found(new Uint8Array()), 'not-inference');
  });

  it('reads the bytes of tensors', () => {
    const numbers = Buffer.alloc(8);
    numbers.writeFloatLE(0.5, 0);
    numbers.writeFloatLE(0.25, 4);
    const texts = Buffer.from([3, 0, 0, 0, ...Buffer.from('cat'), 0, 0, 0, 0, 1, 0, 0, 0, 0x78]);
    const body = withTensors(
      { name: 'p', datatype: 'FP32', shape: [2], bytes: numbers },
      { name: 'label', datatype: 'BYTES', shape: [3], bytes: texts },
    );
    assert.deepEqual(found(body), [0.5, 0.25]);
    assert.deepEqual(found(body, { output: 'label' }), ['cat', 'x']);
  });

  for (const [datatype, bytes, value] of [
    ['BOOL', [1], 1],
    ['UINT8', [200], 200],
    ['INT8', [200], -56],
    ['UINT16', [1, 2], 513],
    ['INT16', [0xff, 0xff], -1],
    ['UINT32', [0, 0, 0, 0x80], 2_147_483_648],
    ['INT32', [0, 0, 0, 0x80], -2_147_483_648],
    ['UINT64', [5, 0, 0, 0, 0, 0, 0, 0], 5],
    ['INT64', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1],
    ['FP64', [0, 0, 0, 0, 0, 0, 0xe0, 0x3f], 0.5],
  ] as const) {
    it(`reads the bytes of ${datatype}`, () => {
      const body = withTensors({ name: 'p', datatype, shape: [1], bytes: Uint8Array.from(bytes) });
      assert.deepEqual(found(body), [value]);
    });
  }

  for (const [what, datatype, bytes] of [
    ['of a type that is not known', 'BF16', [1, 2]],
    ['of half an element', 'FP32', [1, 2, 3]],
    ['of a text that is cut off', 'BYTES', [9, 0, 0, 0, 65]],
    ['of a length that is cut off', 'BYTES', [9, 0]],
  ] as const) {
    it(`reads nothing from bytes ${what}`, () => {
      const body = withTensors({ name: 'p', datatype, shape: [1], bytes: Uint8Array.from(bytes) });
      assert.deepEqual(found(body), []);
    });
  }

  it('reads nothing where there are more or fewer bytes than are told', () => {
    const body = withTensors({ name: 'p', datatype: 'FP32', shape: [1], bytes: new Uint8Array(4) });
    assert.deepEqual(found(body.subarray(0, -1)), []);
    assert.deepEqual(found(Buffer.concat([body, Buffer.from('x')])), []);
  });

  it('reads what is compressed with gzip, but no more than the longest body', () => {
    assert.deepEqual(found(gzipSync(JSON.stringify({ predictions: [0.5] }))), [0.5]);
    const bomb = gzipSync(Buffer.alloc(longest + 1, ' '));
    assert.deepEqual(readEventBody(bomb, longest), { kind: 'unreadable' });
    assert.deepEqual(found(Buffer.from([0x1f, 0x8b, 1, 2, 3])), []);
  });

  it('counts a bounded number of instances', () => {
    const values = found({ predictions: Array(20_000).fill(0.5) });
    assert.equal((values as readonly unknown[]).length, 10_000);
  });

  it('looks a column up once for all rows', () => {
    let lookUps = 0;
    class Names extends Array<string> {
      override indexOf(name: string): number {
        lookUps++;
        return super.indexOf(name);
      }
    }
    const names = Names.from(['no', 'yes']);
    const ndarray = Array.from({ length: 1000 }, (_, row) => [row, -row]);
    const body = { kind: 'json', value: { data: { names, ndarray } } } as const;
    const result = findPredictions(body, { ...defaultEventSettings, output: 'yes' });
    assert.ok(result.kind === 'predictions');
    assert.deepEqual([result.values.length, result.values[999]], [1000, -999]);
    assert.equal(lookUps, 1);
  });

  it('counts 10,000 instances of an answer and leaves out further ones', () => {
    const values = found({ predictions: Array<number>(10_001).fill(0.5) });
    assert.ok(Array.isArray(values) && values.length === 10_000);
  });

  it('never fails, and finds nothing but finite numbers or names of one kind', () => {
    const settings = fc.record(
      {
        path: fc.array(fc.constantFrom('predictions', '*', '0', 'outputs', 'data', '__proto__'), {
          minLength: 1,
        }),
        output: fc.constantFrom('a', 'constructor'),
        index: fc.nat(3),
        kind: fc.constantFrom('score' as const, 'label' as const),
      },
      { requiredKeys: [] },
    );
    const forms = fc
      .jsonValue()
      .chain((value) =>
        fc.constantFrom<unknown>(
          value,
          { predictions: value },
          { predictions: [value, value] },
          { outputs: value },
          { outputs: [{ name: 'a', shape: value, data: [1, value] }] },
          { data: { names: value, ndarray: [value] } },
          { data: { tensor: { shape: value, values: [value] } } },
          { jsonData: value },
        ),
      );
    fc.assert(
      fc.property(fc.oneof(forms, fc.uint8Array()), settings, (body, reading) => {
        const values = found(body, reading);
        if (!Array.isArray(values)) return values === 'not-inference';
        const kinds = new Set(values.map((value) => typeof value));
        return (
          kinds.size <= 1 &&
          values.every((value) => (typeof value === 'number' ? Number.isFinite(value) : value !== ''))
        );
      }),
      { numRuns: 3000 },
    );
  });
});
