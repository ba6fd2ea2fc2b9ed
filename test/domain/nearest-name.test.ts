import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nearestName, slipsBetween, suggestName } from '../../src/domain/nearest-name.js';

const known = ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'];

describe('nearest name', () => {
  it('finds a slip, whatever its case', () => {
    assert.equal(nearestName('latency-p9', known), 'latency-p99');
    assert.equal(nearestName('Prediction-Drfit', known), 'prediction-drift');
    assert.equal(nearestName('ERROR-RATE', known), 'error-rate');
    assert.equal(nearestName('bins', ['bin', 'binary']), 'bin');
  });

  it('does not guess where nothing is near', () => {
    assert.equal(nearestName('weather', known), undefined);
    assert.equal(nearestName('x', []), undefined);
  });

  it('counts slips up to a number, and beyond it says no more than that', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(word, word, fc.nat(12), (written, name, atMost) => {
        const slips = slipsBetween(written, name);
        assert.equal(slipsBetween(written, name, atMost), slips <= atMost ? slips : Infinity);
      }),
    );
  });

  it('takes the first of the names with the fewest slips', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 12 }), (written, names) => {
        const slips = names.map((name) => slipsBetween(written, name));
        const fewest = Math.min(Infinity, ...slips);
        const limit = Math.max(2, Math.floor(written.length / 3));
        assert.equal(nearestName(written, names), fewest <= limit ? names[slips.indexOf(fewest)] : undefined);
      }),
    );
  });

  it('ends before it has compared a long name with thousands of long ones', () => {
    const others = Array.from({ length: 5000 }, (_, i) => String(i).padStart(100, 'model-of-a-team-'));
    const written = 'x'.repeat(100);
    assert.equal(
      nearestName(written, [...others.slice(0, 100), `${written.slice(1)}y`]),
      `${written.slice(1)}y`,
    );
    assert.equal(nearestName(written, [...others, `${written.slice(1)}y`]), undefined);
  });

  it('says what is known instead, at most twelve of them', () => {
    assert.equal(suggestName('eror-rate', known), 'did you mean "error-rate"?');
    assert.equal(suggestName('weather', ['a-long-name']), 'known: "a-long-name"');
    assert.equal(suggestName('weather', []), 'none is known');
    const many = Array.from({ length: 15 }, (_, i) => `metric-number-${i}`);
    const text = suggestName('weather', many);
    assert.match(text, /"metric-number-11", …$/);
    assert.doesNotMatch(text, /metric-number-12/);
  });
});
