import type { ObjectKind, ObjectReference } from './cluster-api.js';

/** The path of all objects of a kind, in a namespace or in the whole cluster. */
export function kindPath({ group, version, plural }: ObjectKind, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}`;
}

/** The path of one object. */
export function objectPath(reference: ObjectReference, subresource?: 'status'): string {
  const path = `${kindPath(reference, reference.namespace)}/${encodeURIComponent(reference.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}
