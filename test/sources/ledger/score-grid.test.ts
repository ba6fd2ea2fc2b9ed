import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  scoreAccuracy,
  scoreBin,
  scoreBinUpperEdge,
  scoreShape,
} from '../../../src/sources/ledger/score-grid.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const ordinary = fc.oneof(
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: -1e20, max: 1e20, noNaN: true }),
);

describe('the score grid', () => {
  it('puts every number into the bin (lower, upper] around it', () => {
    fc.assert(
      fc.property(fc.oneof(ordinary, finite), (score) => {
        const bin = scoreBin(score);
        assert.ok(score > scoreBinUpperEdge(bin - 1));
        assert.ok(score <= scoreBinUpperEdge(bin));
      }),
      { numRuns: 2000 },
    );
  });

  it('puts every edge into the bin that it ends', () => {
    for (let bin = -1726; bin <= 1308; bin++) assert.equal(scoreBin(scoreBinUpperEdge(bin)), bin);
  });

  it('has the hundredths of [0, 1] as they are written', () => {
    for (let hundredth = 0; hundredth <= 100; hundredth++) {
      assert.equal(scoreBin(Number((hundredth / 100).toFixed(2))), hundredth);
      assert.equal(scoreBinUpperEdge(hundredth), Number((hundredth / 100).toFixed(2)));
    }
    assert.equal(scoreBin(0.07 + 1e-15), 8);
    assert.equal(scoreBin(1e-12), 1);
    assert.equal(scoreBin(-0), 0);
    assert.equal(scoreBin(-1e-12), 0);
  });

  it('tells every number outside [0, 1] to within 2 % of the middle of its bin', () => {
    const outside = ordinary.filter((score) => score > 1 || score <= -1e-8);
    fc.assert(
      fc.property(outside, (score) => {
        const bin = scoreBin(score);
        const [lower, upper] = [scoreBinUpperEdge(bin - 1), scoreBinUpperEdge(bin)];
        // DDSketch's representative: the harmonic middle, equally far from both edges in relation to them.
        const middle = (2 * lower * upper) / (lower + upper);
        assert.ok(Math.abs(middle - score) <= scoreAccuracy * Math.abs(score) * (1 + 1e-9));
      }),
      { numRuns: 2000 },
    );
  });

  it('is mirrored for negative numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.0001, max: 1e20, noNaN: true }), (score) => {
        const above = scoreBin(score);
        const below = scoreBin(-score);
        const edges = [scoreBinUpperEdge(above - 1), scoreBinUpperEdge(above)];
        const mirrored = [-scoreBinUpperEdge(below), -scoreBinUpperEdge(below - 1)];
        // On an edge the two differ, since both kinds of bins are closed above.
        if (!edges.includes(score)) assert.deepEqual(mirrored, edges);
      }),
    );
  });

  it('keeps the order of numbers', () => {
    fc.assert(
      fc.property(ordinary, ordinary, (a, b) => {
        assert.ok(a <= b ? scoreBin(a) <= scoreBin(b) : scoreBin(a) >= scoreBin(b));
      }),
    );
  });

  it('takes the largest and smallest numbers into its open bins', () => {
    assert.equal(scoreBinUpperEdge(scoreBin(Number.MAX_VALUE)), Infinity);
    assert.equal(scoreBin(Number.MAX_VALUE), scoreBin(1e300));
    assert.equal(scoreBin(-Number.MAX_VALUE), scoreBin(-1e300));
  });

  it('shows scores of [0, 1] on one hundred bins', () => {
    const shape = scoreShape([7]);
    assert.equal(shape.edges.length, 100);
    assert.equal(shape.edges[0], 0);
    assert.equal(shape.edges.at(-1), 0.99);
    assert.equal(shape.position(100), 100);
  });

  it('gives every bin that was seen a place of its own, between its own edges', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(ordinary, finite), { minLength: 1, maxLength: 30 }), (scores) => {
        const bins = new Set(scores.map(scoreBin));
        const shape = scoreShape(bins);
        assert.ok(shape.edges.length > 0);
        assert.ok(
          shape.edges.every(
            (edge, index) => Number.isFinite(edge) && (index === 0 || edge > (shape.edges[index - 1] ?? NaN)),
          ),
        );
        assert.equal(new Set([...bins].map((bin) => shape.position(bin))).size, bins.size);
        for (const score of scores) {
          const position = shape.position(scoreBin(score));
          assert.ok(score <= (shape.edges[position] ?? Infinity));
          assert.ok(score > (shape.edges[position - 1] ?? -Infinity));
        }
      }),
    );
  });
});
