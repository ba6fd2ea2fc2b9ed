import type { KubernetesObject } from './kubernetes-object.js';

/** What an API server sent as an object; undefined where it is none. */
export function readObject(value: unknown): KubernetesObject | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined;
  const { name, uid, resourceVersion } = value['metadata'];
  const isWhole = typeof name === 'string' && typeof uid === 'string' && typeof resourceVersion === 'string';
  return isWhole ? (value as unknown as KubernetesObject) : undefined;
}

/** One page of a list. */
export interface ObjectPage {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  /** Where the next page begins; undefined: this is the last one. */
  readonly continueFrom: string | undefined;
}

/** A list as an API server sends it: its items do not say what they are, so they are told here. */
export function readPage(value: unknown): ObjectPage | undefined {
  if (!isRecord(value) || !isRecord(value['metadata']) || !Array.isArray(value['items'])) return undefined;
  const { resourceVersion, continue: more } = value['metadata'];
  if (typeof resourceVersion !== 'string') return undefined;
  const apiVersion = String(value['apiVersion']);
  const kind = String(value['kind']).replace(/List$/, '');
  const items = value['items']
    .map((item: unknown) => readObject(isRecord(item) ? { apiVersion, kind, ...item } : item))
    .filter((item) => item !== undefined);
  return {
    items,
    resourceVersion,
    continueFrom: typeof more === 'string' && more !== '' ? more : undefined,
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
