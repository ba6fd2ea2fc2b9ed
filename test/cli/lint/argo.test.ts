import assert from 'node:assert/strict';
import { goDurationSeconds, pauseSeconds } from '../../../src/cli/lint/argo/go-duration.js';
import { filled, onlyArgument } from '../../../src/cli/lint/argo/placeholders.js';
import { isOlder, parseArgoVersion } from '../../../src/cli/lint/argo/version.js';

describe('what lint reads of Argo', () => {
  it('durations as Go writes them', () => {
    for (const [text, seconds] of [
      ['60s', 60],
      ['1h30m', 5400],
      ['1.5m', 90],
      ['250ms', 0.25],
      ['0', 0],
      ['-5m', undefined],
      ['60', undefined],
      ['1d', undefined],
      ['', undefined],
      ['1'.repeat(1e6), undefined],
    ] as const) {
      assert.equal(goDurationSeconds(text), seconds, text.slice(0, 20));
    }
    assert.deepEqual(['300', '5m', 'soon'].map(pauseSeconds), [300, 300, undefined]);
  });

  it('placeholders', () => {
    const values = new Map([['a', '$&x']]);
    assert.equal(filled('-{{args.a}}-{{ args.a }}', values), '-$&x-$&x');
    assert.equal(filled('{{ args.b }}', values), undefined);
    assert.equal(filled('{{ templates.a }}', values), undefined);
    assert.equal(filled('none', values), 'none');
    assert.deepEqual(['{{args.a}}', ' {{ args.a }} ', 'x{{args.a}}', 'x'].map(onlyArgument), [
      'a',
      'a',
      undefined,
      undefined,
    ]);
  });

  it('releases', () => {
    assert.deepEqual(['1.7', 'v1.8.2', 'v1.10.0-rc1', '1', 'new'].map(parseArgoVersion), [
      [1, 7, 0],
      [1, 8, 2],
      [1, 10, 0],
      undefined,
      undefined,
    ]);
    assert.ok(isOlder([1, 7, 9], [1, 8, 0]) && isOlder([1, 8, 2], [1, 10, 0]));
    assert.ok(!isOlder([1, 8, 2], [1, 8, 2]) && !isOlder([2, 0, 0], [1, 9, 9]));
  });
});
