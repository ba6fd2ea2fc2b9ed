import assert from 'node:assert/strict';
import { shownText } from '../../../../../src/sources/prometheus/server/answers/shown-text.js';

describe('shownText', () => {
  it('leaves a short plain text as it is', () => {
    assert.equal(shownText('parse error at char 5: "ü"', []), 'parse error at char 5: "ü"');
  });

  it('makes one printable line of it', () => {
    assert.equal(shownText(' a\r\nb\u001b[31m\u0000c\u2028d\u200be \t', []), 'a b [31m c d e');
  });

  it('cuts it to 200 characters, none of them in half', () => {
    assert.equal(shownText('x'.repeat(200), []), 'x'.repeat(200));
    const shown = shownText('💡'.repeat(300), []);
    assert.equal(Array.from(shown).length, 200);
    assert.equal(shown, `${'💡'.repeat(199)}…`);
  });

  it('shows nothing of a text that repeats a secret, wherever it stands', () => {
    for (const text of ['s3cr3t', 'x'.repeat(500) + 's3cr3t', 'no s3cr3t-token']) {
      assert.equal(
        shownText(text, ['other', 's3cr3t']),
        '(its words are not shown: they repeat the credentials)',
      );
    }
    assert.equal(shownText('fine', ['']), 'fine');
  });
});
