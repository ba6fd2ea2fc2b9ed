/** A copy of a document with one place changed, for tests that break a good manifest in one way. */
import type { FieldError } from '../../src/domain/errors.js';

type Container = Record<PropertyKey, unknown>;

/** Sets the value at a path such as `spec.metrics[0].count`; `undefined` removes it. */
export function edited<T>(document: T, path: string, value: unknown): T {
  const copy = structuredClone(document);
  const keys = path.split(/[.[\]]+/).filter((part) => part !== '');
  const last = keys.pop();
  let place = copy as Container;
  for (const key of keys) place = place[key] as Container;
  if (last === undefined) throw new Error('a path has to name a field');
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return copy;
}

/** The paths of errors, for comparing. */
export function pathsOf(errors: readonly FieldError[]): readonly string[] {
  return errors.map((error) => error.path);
}
