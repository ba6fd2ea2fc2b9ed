import assert from 'node:assert/strict';
import { QueryReader } from '../../../../../src/sources/prometheus/server/answers/query-reader.js';
import { matrix, oneSeries } from '../support/answers.js';

const limits = { maxSeries: 100, maxResponseBytes: 100_000 };

interface ReadOptions {
  readonly pieceLength?: number;
  readonly maxSeries?: number;
  readonly maxResponseBytes?: number;
}

/** What comes of a body that comes in pieces, and how many bytes of it were read. */
function read(body: unknown, { pieceLength = 50, ...changed }: ReadOptions = {}) {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const reader = new QueryReader({ ...limits, ...changed }, ['s3cr3t']);
  for (let at = 0; at < text.length; at += pieceLength) {
    const failure = reader.push(text.subarray(at, at + pieceLength));
    if (failure !== undefined) return { result: failure, bytes: at + pieceLength };
  }
  return { result: reader.end(), bytes: text.length };
}

function failureOf(body: unknown, changed: ReadOptions = {}) {
  const { result } = read(body, changed);
  assert.ok(result.kind === 'failure', JSON.stringify(result));
  return result;
}

describe('QueryReader', () => {
  it('reads the series of a matrix and of a vector', () => {
    const values = { timesMs: [1_760_000_000_000, 1_760_000_060_000, 1_760_000_120_000], values: [1, 5, 9] };
    const expected = { kind: 'series', series: [{ labels: oneSeries.metric, ...values }] };
    for (const pieceLength of [1, 7, 1000]) {
      assert.deepEqual(read(matrix([oneSeries]), { pieceLength }).result, expected);
    }
    const vector = {
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: {}, value: [1, '2'] }] },
    };
    assert.deepEqual(read(vector).result, {
      kind: 'series',
      series: [{ labels: {}, timesMs: [1000], values: [2] }],
    });
  });

  it('reads an answer without series', () => {
    assert.deepEqual(read(matrix([])).result, { kind: 'series', series: [] });
  });

  it('takes members in any order, and those it does not know', () => {
    const odd = {
      data: { result: [oneSeries], stats: { result: [{}] }, resultType: 'matrix' },
      infos: ['x'],
      status: 'success',
    };
    const { result } = read(odd);
    assert.ok(result.kind === 'series');
    assert.equal(result.series.length, 1);
  });

  for (const [what, more, reason] of [
    [
      'warnings',
      { warnings: ['store a did not answer', 'b'] },
      /^answers only in part: store a did not answer \(and 1 more\)$/,
    ],
    ['an incomplete storage', { isPartial: true }, /^answers only in part: .*\(isPartial\)$/],
  ] as const) {
    it(`does not count an answer with ${what}`, () => {
      const failure = failureOf(matrix([oneSeries], more));
      assert.deepEqual([failure.outcome, failure.isIll], ['partial', false]);
      assert.match(failure.reason, reason);
    });
  }

  it('takes infos, no warnings and a complete storage for nothing', () => {
    for (const more of [
      { infos: ['metric might not be a counter'] },
      { warnings: [] },
      { warnings: null },
      { isPartial: false },
    ]) {
      assert.equal(read(matrix([oneSeries], more)).result.kind, 'series');
    }
  });

  it('refuses single values', () => {
    const failure = failureOf({ status: 'success', data: { resultType: 'scalar', result: [1, '1'] } });
    assert.equal(failure.outcome, 'rejected');
    assert.match(failure.reason, /single value/);
  });

  it('tells an error that comes with status 200', () => {
    const failure = failureOf({ status: 'error', errorType: 'internal', error: 'no space left' });
    assert.deepEqual(
      [failure.outcome, failure.reason],
      ['failed', 'answers with an error internal: no space left'],
    );
  });

  it('does not repeat an error that has the credentials in it', () => {
    const failure = failureOf({ status: 'error', errorType: 's3cr3t', error: `bad token s3cr3t` });
    assert.ok(!failure.reason.includes('s3cr3t'));
    assert.match(failure.reason, /not shown/);
  });

  for (const [what, body, reason] of [
    ['HTML', '<!DOCTYPE html><html>Sign in</html>', /^answers HTML .*proxy/],
    ['HTML behind an empty line', '\n <html></html>', /^answers HTML/],
    ['plain text', 'upstream error', /^answers something else than JSON/],
    ['a list', '[]', /^answers something else than JSON/],
    ['nothing', '', /cut short/],
    ['JSON that is cut short', JSON.stringify(matrix([oneSeries])).slice(0, -3), /cut short/],
    [
      'JSON that is cut short inside a series',
      JSON.stringify(matrix([oneSeries])).slice(0, -20),
      /cut short/,
    ],
    ['JSON with something behind it', `${JSON.stringify(matrix([]))}}`, /something else than the query API/],
    ['JSON of something else', '{"message":"Not found"}', /something else than the query API/],
    ['no data', '{"status":"success"}', /something else than the query API/],
    [
      'no list of series',
      { status: 'success', data: { resultType: 'matrix', result: {} } },
      /something else/,
    ],
    ['series that are none', matrix(['x']), /something else than the query API/],
    [
      'a comma too many',
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{}},]}}',
      /something else/,
    ],
    [
      'samples out of order',
      matrix([
        {
          metric: {},
          values: [
            [2, '1'],
            [1, '1'],
          ],
        },
      ]),
      /a series that cannot be read/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const failure = failureOf(body);
      assert.deepEqual([failure.outcome, failure.isIll], ['failed', true]);
      assert.match(failure.reason, reason);
      assert.ok(!failure.reason.includes('Sign in'));
    });
  }

  it('stops at the first series too many', () => {
    const body = matrix(Array.from({ length: 50 }, () => oneSeries));
    assert.equal(read(body, { maxSeries: 50 }).result.kind, 'series');
    const { result, bytes } = read(body, { maxSeries: 10 });
    assert.ok(result.kind === 'failure');
    assert.deepEqual([result.outcome, result.isIll], ['too-large', false]);
    assert.match(result.reason, /more than 10 series \(maxSeries\)/);
    assert.ok(bytes < JSON.stringify(body).length / 2);
  });

  it('stops at the first byte too many', () => {
    const body = JSON.stringify(matrix([oneSeries]));
    assert.equal(read(body, { maxResponseBytes: body.length }).result.kind, 'series');
    const failure = failureOf(body, { maxResponseBytes: body.length - 1 });
    assert.equal(failure.outcome, 'too-large');
    assert.match(failure.reason, /more than \d+ bytes \(maxResponse\)/);
    assert.match(failureOf(body, { maxResponseBytes: 100 }).reason, /100 bytes/);
  });

  it('names a limit as a person would', () => {
    const body = `{"status":"${'x'.repeat(2 * 1024 * 1024)}`;
    assert.match(
      failureOf(body, { maxResponseBytes: 1.5 * 1024 * 1024, pieceLength: 65536 }).reason,
      /1\.5 MiB/,
    );
  });
});
