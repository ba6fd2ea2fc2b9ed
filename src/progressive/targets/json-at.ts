import { isRecord } from '../cluster/read-object.js';

type Path = readonly (string | number)[];

/** What stands at a path of a JSON document; undefined where there is nothing. */
export function valueAt(document: unknown, ...path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** A text that is not empty. */
export function textAt(document: unknown, ...path: Path): string | undefined {
  const value = valueAt(document, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(document: unknown, ...path: Path): number | undefined {
  const value = valueAt(document, ...path);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The entries of a list; none where there is no list. */
export function listAt(document: unknown, ...path: Path): readonly unknown[] {
  const value = valueAt(document, ...path);
  return Array.isArray(value) ? value : [];
}

export function recordAt(document: unknown, ...path: Path): Readonly<Record<string, unknown>> | undefined {
  const value = valueAt(document, ...path);
  return isRecord(value) ? value : undefined;
}

/** A record without some of its members. */
export function without(
  record: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
