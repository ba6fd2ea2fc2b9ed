import assert from 'node:assert/strict';

/** Fails unless two numbers agree to a relative tolerance (and an absolute one, where the figure may be near 0). */
export function closeTo(actual: number, expected: number, relative: number, absolute = 0): void {
  const allowed = Math.max(absolute, relative * Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= allowed, `${actual} is not ${expected}`);
}
