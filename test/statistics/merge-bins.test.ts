import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeCounts, mergedBinEnds } from '../../src/statistics/merge-bins.js';
import { sum } from '../../src/statistics/sums.js';

describe('merge bins', () => {
  it('closes a bin at the first fine bin that reaches its share', () => {
    const baseline = [10, 40, 80, 110, 120, 115, 105, 95, 80, 65, 55, 40, 30, 20, 15, 10, 5, 3, 1, 1];
    const canary = [0, 3, 6, 9, 11, 12, 11, 11, 9, 8, 6, 5, 4, 2, 1, 1, 1, 0, 0, 0];
    const ends = mergedBinEnds(baseline, 5);
    // Upper bounds 0.2, 0.3, 0.4, 0.5 and infinity where bin i ends at 0.05 (i + 1).
    assert.deepEqual(ends, [3, 5, 7, 9, 19]);
    assert.deepEqual(mergeCounts(baseline, ends), [240, 235, 200, 145, 180]);
    assert.deepEqual(mergeCounts(canary, ends), [18, 23, 22, 17, 20]);
  });

  it('skips shares that one heavy bin has passed, and merges a small last bin', () => {
    const baseline = [5, 600, 3, 4, 60, 80, 70, 90, 50, 30, 8];
    assert.deepEqual(mergeCounts(baseline, mergedBinEnds(baseline, 10)), [605, 147, 70, 90, 88]);
  });

  it('lets heavy fine bins stand alone where hardly a bin would be left', () => {
    assert.deepEqual(mergedBinEnds([970, 20, 5, 3, 1, 1, 0, 0, 0, 0, 0, 0], 10), [0, 11]);
    assert.deepEqual(mergedBinEnds([0, 0, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0], 10), [2, 3, 11]);
    assert.deepEqual(mergedBinEnds([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000], 10), [10, 11]);
    assert.deepEqual(mergedBinEnds([10, 0, 480, 10, 490, 10, 0, 0, 0, 0, 0, 0], 10), [1, 2, 3, 4, 11]);
    assert.deepEqual(mergedBinEnds([97, 2, 1], 2), [0, 2]);
  });

  it('does not hide half a share in a bin that holds two by itself', () => {
    const baseline = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 500, 102, 102, 102, 102];
    assert.deepEqual(mergedBinEnds(baseline, 10), [9, 10, 11, 12, 13, 14]);
  });

  it('leaves as many bins as are wanted as they are, and those of an empty baseline', () => {
    assert.deepEqual(mergedBinEnds([1, 0, 998, 1], 4), [0, 1, 2, 3]);
    assert.deepEqual(mergedBinEnds([0, 0, 0], 2), [0, 1, 2]);
  });

  it('loses no count, keeps the order and gives at most the bins that are wanted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 2, max: 12 }),
        (counts, bins) => {
          const ends = mergedBinEnds(counts, bins);
          const total = sum(counts);
          assert.equal(sum(mergeCounts(counts, ends)), total);
          assert.equal(ends.at(-1), counts.length - 1);
          assert.deepEqual(
            [...new Set(ends)].sort((a, b) => a - b),
            ends,
          );
          if (counts.length <= bins || total === 0) return;
          assert.ok(ends.length >= 2 && ends.length <= Math.max(3, bins));
          const merged = mergeCounts(counts, ends);
          const heavy = counts.some((count) => count >= total / bins);
          if (!heavy) assert.ok((merged.at(-1) ?? 0) >= total / (2 * bins));
        },
      ),
      { seed: 20260105, numRuns: 500 },
    );
  });
});
