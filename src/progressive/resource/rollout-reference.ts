import type { ObjectReference } from '../cluster/cluster-api.js';
import { modelRolloutKind } from './model-rollout-kind.js';

/** A ModelRollout in a sentence. */
export function rolloutText({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `the ModelRollout "${name}" in namespace "${namespace}"`;
}

/** Where a ModelRollout is. */
export function rolloutReference(namespace: string, name: string): ObjectReference {
  return { ...modelRolloutKind, namespace, name };
}
