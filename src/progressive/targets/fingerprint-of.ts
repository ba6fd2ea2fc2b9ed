import { createHash } from 'node:crypto';
import { isRecord } from '../cluster/read-object.js';

/** The same for the same JSON, in whatever order its members stand. Short enough for a resource's status. */
export function fingerprintOf(document: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(document)))
    .digest('hex')
    .slice(0, 32);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value ?? null;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
}
