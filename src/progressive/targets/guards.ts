import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import type { PatchOperation } from '../cluster/patch-operation.js';

/** The change is for this very resource, not for another one under the same name. */
export function uidGuard({ metadata }: KubernetesObject): PatchOperation {
  return { op: 'test', path: '/metadata/uid', value: metadata.uid };
}

/**
 * Nothing of the spec has changed since it was read. It is what guards a first share: JSON Patch has no test for a field that
 * is not there. The resource version would not do, since every change of the status counts in it.
 */
export function specGuard({ metadata }: KubernetesObject): readonly PatchOperation[] {
  const { generation } = metadata;
  return generation === undefined ? [] : [{ op: 'test', path: '/metadata/generation', value: generation }];
}
