import type { ObjectReference } from '../../cluster/cluster-api.js';

export function inferenceServiceReference(namespace: string, name: string): ObjectReference {
  return { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices', namespace, name };
}
