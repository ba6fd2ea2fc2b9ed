import assert from 'node:assert/strict';
import { narrowMatchers } from '../../../../src/sources/prometheus/signals/narrow-matchers.js';
import {
  fillMatcher,
  fillText,
  placeholdersIn,
} from '../../../../src/sources/prometheus/signals/placeholders.js';
import type { Matcher, MatchOperator } from '../../../../src/sources/prometheus/signals/signal.js';

function matcher(label: string, operator: MatchOperator, value: string): Matcher {
  return { label, operator, value };
}

describe('narrowing of matchers', () => {
  it('replaces what a label equals, and adds everything else', () => {
    const general = [matcher('app', '=', 'x'), matcher('code', '=~', '5..'), matcher('path', '=', '/a')];
    const special = [matcher('app', '=', 'y'), matcher('code', '!=', '503')];
    assert.deepEqual(narrowMatchers(general, special), [general[1], general[2], ...special]);
    assert.deepEqual(narrowMatchers(general, []), general);
    assert.deepEqual(narrowMatchers([], special), special);
  });
});

describe('placeholders', () => {
  it('are filled once: a value that looks like one is plain text', () => {
    const values = { model: '{{namespace}}', namespace: '$& {{model}}' };
    assert.equal(fillText('{{model}} of {{namespace}}', values), '{{namespace}} of $& {{model}}');
  });

  it('stay where nothing is known for them', () => {
    assert.equal(
      fillText('{{model}}-{{version}}-{{constructor}}', { model: 'a' }),
      'a-{{version}}-{{constructor}}',
    );
    assert.deepEqual(placeholdersIn('{{a}} {b} {{c}}{{a}}'), ['a', 'c', 'a']);
  });

  it('are plain text in expressions too', () => {
    const values = { model: 'a.b|c' };
    assert.equal(fillMatcher(matcher('x', '=~', '{{model}}-.*'), values).value, String.raw`a\.b\|c-.*`);
    assert.equal(fillMatcher(matcher('x', '!~', '{{model}}'), values).value, String.raw`a\.b\|c`);
    assert.equal(fillMatcher(matcher('x', '=', '{{model}}'), values).value, 'a.b|c');
    assert.equal(fillMatcher(matcher('x', '!=', '{{model}}'), values).value, 'a.b|c');
  });
});
