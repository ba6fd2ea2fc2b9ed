import { hash } from 'node:crypto';

/** The version whose events these are: the path that they are sent to says it. */
export interface EventTarget {
  readonly namespace: string;
  readonly model: string;
  readonly version: string;
}

/** A key for what belongs to a version: short, of one length, and nothing can be read from it. */
export function keyAt({ namespace, model, version }: EventTarget, ...parts: readonly string[]): string {
  return hash('sha256', [namespace, model, version, ...parts].join('\0'), 'base64url');
}

const versionKeys = new WeakMap<EventTarget, string>();

/** A key for a version, made once for each target. */
export function keyOf(target: EventTarget): string {
  let key = versionKeys.get(target);
  if (key === undefined) {
    key = keyAt(target);
    versionKeys.set(target, key);
  }
  return key;
}
