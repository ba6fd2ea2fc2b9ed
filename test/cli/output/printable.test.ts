import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printable } from '../../../src/cli/output/printable.js';

describe('printable', () => {
  it('leaves every other sign as it is', () => {
    for (const text of ['', 'error-rate: 0.5 % < 1 %', 'Größe 大 🚀 é', '\\n'])
      assert.equal(printable(text), text);
  });

  it('writes control characters and line separators out', () => {
    assert.equal(
      printable('a\nb\tc\r\u001b[31m\u0000\u007f\u0085\u2028'),
      'a\\nb\\tc\\u000d\\u001b[31m\\u0000\\u007f\\u0085\\u2028',
    );
  });

  it('gives one line without control characters of any text', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x2100)), (codes) => {
        const text = String.fromCharCode(...codes);
        assert.doesNotMatch(printable(text), /[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
