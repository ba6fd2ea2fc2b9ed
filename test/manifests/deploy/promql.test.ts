import assert from 'node:assert/strict';
import { readExpression } from './promql.js';

function metricsOf(text: string): readonly string[] {
  return readExpression(text).selections.map(({ metric }) => metric);
}

describe('promql', () => {
  it('finds metrics, also bare ones, and no functions or operators', () => {
    assert.deepEqual(
      metricsOf(
        'histogram_quantile(0.99, sum by (le) (rate(a_bucket{route="/x"}[5m]))) > 2.5 and b > bool 0',
      ),
      ['a_bucket', 'b'],
    );
    assert.deepEqual(metricsOf('sum(a{v="x"} unless a{v="x"} offset 10m) > 0 or absent(up == 1)'), [
      'a',
      'a',
      'up',
    ]);
    assert.deepEqual(metricsOf('a - time() < 7 * 86400'), ['a']);
  });

  it('finds the values that labels are compared with', () => {
    const [selection] = readExpression('rate(a{job="$job", reason=~"one|two", path!="}"}[1m])').selections;
    assert.deepEqual(
      [...(selection?.matchers ?? [])],
      [
        ['job', ['$job']],
        ['reason', ['one', 'two']],
        ['path', ['}']],
      ],
    );
  });

  it('finds the labels that it groups by', () => {
    assert.deepEqual(readExpression('sum by (le, what) (a) / on(job) group_left (x) b').grouping, [
      'le',
      'what',
      'job',
      'x',
    ]);
  });
});
