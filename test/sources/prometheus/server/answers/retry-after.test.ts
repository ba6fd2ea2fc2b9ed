import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../../../src/sources/prometheus/server/answers/retry-after.js';

describe('retryAfterMs', () => {
  const nowMs = Date.parse('2026-01-05T10:00:00Z');

  for (const [header, expected] of [
    [undefined, undefined],
    ['0', 0],
    ['3', 3000],
    [' 120 ', 120_000],
    ['Mon, 05 Jan 2026 10:00:02 GMT', 2000],
    ['Mon, 05 Jan 2026 09:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ] as const) {
    it(`reads ${header ?? 'nothing'} as ${expected ?? 'nothing'}`, () => {
      assert.equal(retryAfterMs(header, nowMs), expected);
    });
  }
});
