import assert from 'node:assert/strict';
import {
  readBound,
  readSampleValue,
} from '../../../../../src/sources/prometheus/server/answers/sample-value.js';

describe('numbers as servers write them', () => {
  for (const [text, expected] of [
    ['0', 0],
    ['12', 12],
    ['-3', -3],
    ['0.005', 0.005],
    ['1.', 1],
    ['.5', 0.5],
    ['1.5e-05', 0.000015],
    ['2E+06', 2_000_000],
    ['9007199254740993', 9_007_199_254_740_992],
    ['NaN', NaN],
    ['+Inf', NaN],
    ['-Inf', NaN],
    ['Inf', NaN],
    ['1e999', NaN],
  ] as const) {
    it(`reads ${text} as ${expected}`, () => {
      assert.equal(readSampleValue(text), expected);
    });
  }

  it('refuses what is no number, which Number itself would take for one', () => {
    for (const value of ['', ' ', '0x10', '1 ', '1,5', '1e', '--1', '0b1', 'null', 5, null, undefined, []]) {
      assert.equal(readSampleValue(value), undefined, JSON.stringify(value));
      assert.equal(readBound(value), undefined, JSON.stringify(value));
    }
  });

  it('takes infinite bounds, and no NaN', () => {
    assert.equal(readBound('+Inf'), Infinity);
    assert.equal(readBound('Inf'), Infinity);
    assert.equal(readBound('-Inf'), -Infinity);
    assert.equal(readBound('0.25'), 0.25);
    assert.equal(readBound('NaN'), undefined);
  });
});
