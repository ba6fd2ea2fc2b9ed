import assert from 'node:assert/strict';
import { classifyMetric, locationShift, netflixSettings, z98 } from './judges/mann-whitney.js';
import { SortedDifferences } from './judges/sorted-differences.js';
import { scoreOf, verdictOfClasses } from './judges/time-series.js';

const zeros = [0, 0, 0, 0, 0, 0];

function samples(left: readonly number[], right: readonly number[]): SortedDifferences {
  const differences = new SortedDifferences();
  for (let i = 0; i < Math.max(left.length, right.length); i++) differences.add(left[i], right[i]);
  return differences;
}

/** Times from 1 to `count`, moved by `shift`. */
const rising = (count: number, shift = 0) => Array.from({ length: count }, (_, index) => index + 1 + shift);

describe('the re-stated Mann-Whitney judge', () => {
  it('keeps all differences in order', () => {
    const differences = samples([3, 1, 2], [0, 5]);
    assert.deepEqual([...differences.values], [-4, -3, -2, 1, 2, 3]);
    differences.add(undefined, 1);
    assert.deepEqual([...differences.values], [-4, -3, -2, 0, 1, 1, 2, 2, 3]);
  });

  for (const [what, canary, stable] of [
    // Both are known complaints of its users; that it passes them shows that it is the same judge.
    ['a few errors against none', [0, 1, 2, 1, 0, 0], zeros],
    ['a mean 70 times as high', [100, 100, 100, 100, 100, 100, 100, 1, 1, 1], rising(10).map(() => 1)],
    ['identical samples', rising(20), rising(20)],
    ['one value overall', zeros, zeros],
    ['a canary that is lower', rising(30), rising(30, 40)],
  ] as const) {
    it(`passes ${what}`, () => {
      assert.equal(classifyMetric(samples(canary, stable), netflixSettings('increase')), 'pass');
    });
  }

  it('finds a shift of a whole series, and in which direction', () => {
    const higher = samples(rising(30, 40), rising(30));
    assert.equal(classifyMetric(higher, netflixSettings('increase')), 'high');
    assert.equal(classifyMetric(higher, netflixSettings('either')), 'high');
    assert.equal(classifyMetric(higher, netflixSettings('decrease')), 'pass');
    const lower = samples(rising(30), rising(30, 40));
    assert.equal(classifyMetric(lower, netflixSettings('decrease')), 'low');
    assert.equal(classifyMetric(lower, netflixSettings('increase')), 'pass');
  });

  it('finds two constant series that differ', () => {
    const constant = samples([2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1]);
    assert.equal(classifyMetric(constant, netflixSettings('increase')), 'high');
  });

  it('has no data where a series is empty', () => {
    assert.equal(classifyMetric(samples([], [1, 2]), netflixSettings('increase')), 'no-data');
  });

  it('reads interval and estimate off the differences', () => {
    // Ten against ten without ties: U has mean 50 and variance 175, so the interval drops 18 of 100 differences.
    const left = rising(10).map((point) => point * 1.01 + 5);
    const shift = locationShift(samples(left, rising(10)), z98);
    const differences = [...samples(left, rising(10)).values];
    assert.equal(shift.low, differences[18]);
    assert.equal(shift.high, differences[81]);
    assert.equal(shift.estimate, ((differences[49] ?? 0) + (differences[50] ?? 0)) / 2);
  });

  it('scores by the share of metrics that pass', () => {
    const one = ['pass', 'high', 'pass', 'no-data'] as const;
    assert.equal(scoreOf(one), 75);
    assert.equal(verdictOfClasses(one, false), 'hold');
    assert.equal(verdictOfClasses(one, true), 'rollback');
    assert.equal(verdictOfClasses(['pass', 'pass', 'pass', 'no-data'], true), 'promote');
    assert.equal(verdictOfClasses(['low', 'high', 'pass', 'pass'], false), 'rollback');
    assert.equal(verdictOfClasses(['pass', 'pass', 'no-data', 'no-data'], false), 'rollback');
  });
});
