import assert from 'node:assert/strict';
import { describeFieldError, type FieldError } from '../../src/domain/errors.js';
import type { Result } from '../../src/domain/result.js';

/** The value of a result that has to be one; fails with the errors otherwise. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) assert.fail(`refused: ${result.errors.map(describeFieldError).join('; ')}`);
  return result.value;
}

/** The errors of a result that has to be refused. */
export function errorsOf(result: Result<unknown>): readonly FieldError[] {
  if (result.ok) assert.fail(`expected to be refused, got ${JSON.stringify(result.value)}`);
  return result.errors;
}

/** Paths of the errors of a result that has to be refused, in their order. */
export function pathsOf(result: Result<unknown>): readonly string[] {
  return errorsOf(result).map((error) => error.path);
}
