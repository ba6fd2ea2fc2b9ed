import assert from 'node:assert/strict';
import { goDurationSeconds, pauseSeconds } from '../../../src/cli/lint/argo/go-duration.js';
import { goRegExp } from '../../../src/cli/lint/argo/go-reg-exp.js';
import { filled, onlyArgument } from '../../../src/cli/lint/argo/placeholders.js';
import { leadsToVerdict } from '../../../src/cli/lint/argo/verdict-address.js';
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

  it('patterns of Go, as far as JavaScript has them', () => {
    for (const [pattern, name, expected] of [
      ['(?i)^ERROR', 'error-rate', true],
      ['^(?P<kind>error|latency)-', 'latency-p99', true],
      ['rate$', 'latency-p99', false],
      ['\\pL+', 'error-rate', undefined],
      ['[[:alpha:]]', 'error-rate', undefined],
      ['(?=error)', 'error-rate', undefined],
      ['a(?i)b', 'ab', undefined],
      ['(', 'error-rate', undefined],
    ] as const) {
      assert.equal(goRegExp(pattern)?.test(name), expected, pattern);
    }
  });

  it('addresses of a verdict', () => {
    for (const [url, expected] of [
      ['http://judge:8080/v1/verdict', true],
      ['{{args.url}}/v1/verdict?model=a', true],
      ['http://ml-verdict.shop.svc/verdicts', true],
      ['ml-verdict:8080/x', true],
      ['https://verdict-api.risk.svc/decisions', false],
      ['https://shop/ml-verdict', false],
      ['https://shop/x?next=/v1/verdict', false],
    ] as const) {
      assert.equal(leadsToVerdict(url), expected, url);
    }
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
