import type { ObjectReference } from '../cluster/cluster-api.js';
import { modelRolloutKind } from './model-rollout-kind.js';

/** Where a ModelRollout is. */
export function rolloutReference(namespace: string, name: string): ObjectReference {
  return { ...modelRolloutKind, namespace, name };
}
