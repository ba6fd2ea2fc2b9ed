import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPlainSeries } from '../../../../../src/sources/prometheus/server/answers/read-plain-series.js';
import { readSeries } from '../../../../../src/sources/prometheus/server/answers/read-series.js';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');
const metric = { app: 'fraud', path: '"a\\b"],"values":[[ü💡' };

describe('readSeries', () => {
  it('reads times as whole milliseconds and values as numbers', () => {
    const values = [
      [1_760_000_000, '0'],
      [1_760_000_000.5, '12'],
      [1_760_000_001.04, '999999999999999'],
      [1_760_000_001.041, '1.5e-05'],
    ];
    const expected = {
      labels: metric,
      timesMs: [1_760_000_000_000, 1_760_000_000_500, 1_760_000_001_040, 1_760_000_001_041],
      values: [0, 12, 999_999_999_999_999, 0.000015],
    };
    assert.deepEqual(readSeries(bytes({ metric, values })), [expected]);
    assert.deepEqual(readPlainSeries(bytes({ metric, values })), expected);
  });

  it('leaves out what is no finite number', () => {
    const values = [
      [1, 'NaN'],
      [2, '7'],
      [3, '+Inf'],
      [4, '-Inf'],
      [5, null],
      [6, '8'],
    ];
    const expected = [{ labels: metric, timesMs: [2000, 6000], values: [7, 8], showsNoNumbers: true }];
    assert.deepEqual(readSeries(bytes({ metric, values })), expected);
    const withoutNull = values.filter(([, value]) => value !== null);
    assert.deepEqual(readSeries(bytes({ metric, values: withoutNull })), expected);
  });

  it('tells the mark of an end, which stands alone, from a counter that shows no numbers', () => {
    const marked = { labels: metric, timesMs: [1000, 3000], values: [7, 1] };
    const values = [
      [1, '7'],
      [2, 'NaN'],
      [3, '1'],
      [4, 'NaN'],
    ];
    assert.deepEqual(readSeries(bytes({ metric, values })), [marked]);
    const broken = { ...marked, showsNoNumbers: true };
    assert.deepEqual(readSeries(bytes({ metric, values: [...values, [5, 'NaN']] })), [broken]);
    const nothing = [
      [1, 'NaN'],
      [2, 'NaN'],
    ];
    assert.deepEqual(readSeries(bytes({ metric, values: nothing })), [
      { labels: metric, timesMs: [], values: [], showsNoNumbers: true },
    ]);
  });

  it('leaves out a series of which nothing is left', () => {
    assert.deepEqual(readSeries(bytes({ metric, values: [] })), []);
    assert.deepEqual(readSeries(bytes({ metric, values: [[1, 'NaN']] })), []);
    assert.deepEqual(readSeries(bytes({ metric, value: [1, 'NaN'] })), []);
    assert.deepEqual(readSeries(bytes({ metric })), []);
  });

  it('reads the one sample of a vector', () => {
    assert.deepEqual(readSeries(bytes({ metric, value: [1.5, '3'] })), [
      { labels: metric, timesMs: [1500], values: [3] },
    ]);
  });

  it('rounds times that are finer than milliseconds', () => {
    assert.deepEqual(readSeries(bytes({ metric, values: [[1.0004999, '3']] })), [
      { labels: metric, timesMs: [1000], values: [3] },
    ]);
  });

  it('reads native histograms, and those beside numbers as a series of their own', () => {
    const histogram = { count: '1', sum: '2', buckets: [[0, '1', '2', '1']] };
    const read = { count: 1, sum: 2, buckets: [{ lower: 1, upper: 2, count: 1 }] };
    assert.deepEqual(readSeries(bytes({ metric, histogram: [1, histogram] })), [
      { labels: metric, timesMs: [1000], values: [read] },
    ]);
    const stale = { count: 'NaN', sum: 'NaN' };
    assert.deepEqual(
      readSeries(
        bytes({
          metric,
          values: [[1, '5']],
          histograms: [
            [2, histogram],
            [3, stale],
          ],
        }),
      ),
      [
        { labels: metric, timesMs: [1000], values: [5] },
        { labels: metric, timesMs: [2000], values: [read] },
      ],
    );
  });

  for (const [what, element] of [
    ['labels that are no texts', { metric: { a: 1 }, values: [[1, '1']] }],
    ['labels that are a list', { metric: [], values: [[1, '1']] }],
    ['no labels', { values: [[1, '1']] }],
    ['a value that is no text', { metric, values: [[1, 1]] }],
    ['a value that is no number', { metric, values: [[1, 'one']] }],
    ['an empty value', { metric, values: [[1, '']] }],
    ['a time that is a text', { metric, values: [['1', '1']] }],
    ['a sample of three parts', { metric, values: [[1, '1', '1']] }],
    ['a sample that is none', { metric, values: ['1'] }],
    ['samples that are no list', { metric, values: {} }],
    [
      'two values at one time',
      {
        metric,
        values: [
          [1, '1'],
          [1, '1'],
        ],
      },
    ],
    [
      'times that go back',
      {
        metric,
        values: [
          [2, '1'],
          [1, '2'],
        ],
      },
    ],
    [
      'times that go back over a value that is left out',
      {
        metric,
        values: [
          [3, 'NaN'],
          [1, '2'],
        ],
      },
    ],
    ['a histogram that is none', { metric, histogram: [1, {}] }],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.equal(readSeries(bytes(element)), undefined);
    });
  }

  it('refuses what is no JSON though it begins like a series', () => {
    for (const text of [
      '{"metric":{},"values":[[1,"1"]}',
      '{"metric":{},"values":[[1,"1"],]}',
      '{"metric":{},"values":[[1,"1"]][]}',
      '{"metric":{},"values":[[1."1"]]}',
      '{"metric":{},"values":[[1.,"1"]]}',
      '{"metric":{},"values":[[1,"1]]}',
      '{"metric":{,"values":[[1,"1"]]}',
      'null',
    ]) {
      assert.equal(readSeries(Buffer.from(text)), undefined, text);
    }
  });

  it('reads the short way just what it reads the long way', () => {
    const labels = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      {
        maxKeys: 3,
      },
    );
    const seconds = fc.oneof(
      fc.integer({ min: 0, max: 99_999_999_999 }),
      fc.integer({ min: 0, max: 9_999_999_999_999 }).map((ms) => ms / 1000),
    );
    const value = fc.oneof(
      fc.integer({ min: 0 }).map(String),
      fc.maxSafeNat().map(String),
      fc.double().map((number) => (Number.isFinite(number) ? String(number) : 'NaN')),
      fc.constantFrom('+Inf', '-Inf', 'NaN', '1e+06', '007'),
    );
    const samples = fc
      .uniqueArray(fc.tuple(seconds, value), { selector: ([time]) => Math.round(time * 1000), maxLength: 6 })
      .map((pairs) => pairs.sort(([one], [other]) => one - other));
    fc.assert(
      fc.property(labels, samples, (own, values) => {
        const short = readPlainSeries(bytes({ metric: own, values }));
        // Spaces are what the short way does not take.
        const long = readSeries(Buffer.from(JSON.stringify({ metric: own, values }, undefined, 1)));
        assert.ok(short !== undefined);
        const isOfUse = short.values.length > 0 || short.showsNoNumbers === true;
        assert.deepEqual(isOfUse ? [short] : [], long);
      }),
      { numRuns: 300 },
    );
  });
});
