import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '../../../src/progressive/cluster/patch-operation.js';

export type Patched =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/**
 * A JSON Patch (RFC 6902) as an API server applies it: on a copy, all or nothing. As there, a `test` for null holds where the
 * member is not there.
 */
export function applyPatch(document: unknown, operations: readonly PatchOperation[]): Patched {
  const root = { value: structuredClone(document) };
  for (const operation of operations) {
    const why = applyOne(root, operation);
    if (why !== undefined) return { ok: false, why };
  }
  return { ok: true, value: root.value };
}

type Container = Record<string, unknown> | unknown[];

function applyOne(root: { value: unknown }, operation: PatchOperation): string | undefined {
  const { op, path } = operation;
  const place = placeOf(root, path);
  if (place === undefined) return `${op} does not apply: is missing path: ${path}`;
  switch (op) {
    case 'test': {
      const found = valueAt(place);
      const holds =
        isDeepStrictEqual(found, plain(operation.value)) || (found === undefined && operation.value === null);
      return holds ? undefined : `testing value ${path} failed`;
    }
    case 'add':
      return put(place, plain(operation.value), true) ? undefined : `add does not apply: ${path}`;
    case 'replace':
      if (valueAt(place) === undefined) return `replace does not apply: is missing key: ${path}`;
      put(place, plain(operation.value), false);
      return undefined;
    case 'remove':
      return take(place) ? undefined : `remove does not apply: is missing key: ${path}`;
    case 'copy':
    case 'move': {
      const from = placeOf(root, operation.from);
      const value = from === undefined ? undefined : valueAt(from);
      if (from === undefined || value === undefined)
        return `${op} does not apply: is missing path: ${operation.from}`;
      if (op === 'move') take(from);
      const to = placeOf(root, path);
      return to !== undefined && put(to, structuredClone(value), true)
        ? undefined
        : `${op} does not apply: ${path}`;
    }
  }
}

interface Place {
  readonly container: Container;
  readonly key: string;
}

function placeOf(root: { value: unknown }, path: string): Place | undefined {
  const [empty, ...parts] = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  if (empty !== '' || key === undefined) return undefined;
  let container = root.value;
  for (const part of parts)
    container = isContainer(container) ? valueAt({ container, key: part }) : undefined;
  return isContainer(container) ? { container, key } : undefined;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function valueAt({ container, key }: Place): unknown {
  if (Array.isArray(container)) return /^(0|[1-9]\d*)$/.test(key) ? container[Number(key)] : undefined;
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function put({ container, key }: Place, value: unknown, inserts: boolean): boolean {
  if (!Array.isArray(container)) {
    container[key] = value;
    return true;
  }
  const index = key === '-' ? container.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > container.length) return false;
  container.splice(index, inserts ? 0 : 1, value);
  return true;
}

function take({ container, key }: Place): boolean {
  if (valueAt({ container, key }) === undefined) return false;
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
  return true;
}

/** As it comes out of JSON: without members that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
