import assert from 'node:assert/strict';
import { readNativeHistogram } from '../../../../../src/sources/prometheus/server/answers/native-histogram.js';

const histogram = (...buckets: readonly unknown[]) => ({ count: '10', sum: '2.5', buckets });

describe('readNativeHistogram', () => {
  it('reads count, sum and buckets', () => {
    assert.deepEqual(
      readNativeHistogram({
        count: '3',
        sum: '0.75',
        buckets: [
          [0, '0.125', '0.25', '1'],
          [0, '0.25', '0.5', '2'],
        ],
      }),
      {
        count: 3,
        sum: 0.75,
        buckets: [
          { lower: 0.125, upper: 0.25, count: 1 },
          { lower: 0.25, upper: 0.5, count: 2 },
        ],
      },
    );
  });

  it('puts buckets in order, adds up those with the same bounds and leaves out the empty ones', () => {
    const read = readNativeHistogram(
      histogram(
        [0, '2', '4', '1'],
        [1, '-2', '-1', '3'],
        [0, '0.5', '1', '0'],
        [0, '2', '4', '5'],
        [0, '4', '+Inf', '1'],
      ),
    );
    assert.ok(typeof read === 'object');
    assert.deepEqual(read.buckets, [
      { lower: -2, upper: -1, count: 3 },
      { lower: 2, upper: 4, count: 6 },
      { lower: 4, upper: Infinity, count: 1 },
    ]);
  });

  for (const [what, others, expected] of [
    ['nothing is below', [[0, '1', '2', '1']], { lower: 0, upper: 0.001 }],
    ['nothing is above', [[1, '-2', '-1', '1']], { lower: -0.001, upper: 0 }],
    ['nothing else is', [], { lower: 0, upper: 0.001 }],
    [
      'something is on both sides',
      [
        [0, '1', '2', '1'],
        [1, '-2', '-1', '1'],
      ],
      { lower: -0.001, upper: 0.001 },
    ],
  ] as const) {
    it(`gives the bucket around zero its true side where ${what}`, () => {
      const read = readNativeHistogram(histogram([3, '-0.001', '0.001', '4'], ...others));
      assert.ok(typeof read === 'object');
      assert.deepEqual(
        read.buckets.find(({ count }) => count === 4),
        { ...expected, count: 4 },
      );
    });
  }

  it('leaves a bucket from minus to plus infinity as it is', () => {
    const read = readNativeHistogram(histogram([0, '-Inf', '+Inf', '10']));
    assert.ok(typeof read === 'object');
    assert.deepEqual(read.buckets, [{ lower: -Infinity, upper: Infinity, count: 10 }]);
  });

  it('reads one without buckets, and one whose sum is no number', () => {
    assert.deepEqual(readNativeHistogram({ count: '0', sum: '0' }), { count: 0, sum: 0, buckets: [] });
    assert.deepEqual(readNativeHistogram({ count: '0', sum: 'NaN', buckets: null }), {
      count: 0,
      sum: NaN,
      buckets: [],
    });
  });

  it('leaves out one that counts nothing', () => {
    assert.equal(readNativeHistogram({ count: 'NaN', sum: 'NaN', buckets: [] }), 'left-out');
  });

  for (const [what, value] of [
    ['no object', 'x'],
    ['null', null],
    ['no count', { sum: '1' }],
    ['a number in place of a text', { count: 1, sum: '1' }],
    ['buckets that are no list', { count: '1', sum: '1', buckets: {} }],
    ['a bucket of three parts', histogram([0, '1', '2'])],
    ['bounds the wrong way round', histogram([0, '2', '1', '1'])],
    ['a bound that is NaN', histogram([0, 'NaN', '1', '1'])],
    ['a count that is NaN', histogram([0, '0', '1', 'NaN'])],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.equal(readNativeHistogram(value), undefined);
    });
  }
});
