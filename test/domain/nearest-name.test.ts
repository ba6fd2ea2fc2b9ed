import assert from 'node:assert/strict';
import { nearestName, suggestName } from '../../src/domain/nearest-name.js';

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
