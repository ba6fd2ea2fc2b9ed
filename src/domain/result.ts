import type { FieldError } from './errors.js';

/** What a parser answers: the value, or every field that is wrong. Bad input is a value, not an exception. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly FieldError[] };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure<T>(errors: readonly FieldError[]): Result<T> {
  return { ok: false, errors };
}
