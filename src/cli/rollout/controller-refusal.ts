import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import { conditionsIn } from '../../progressive/resource/index.js';
import type { ShownRefusal } from './view/shown-rollout.js';

/** Why a controller does not drive a ModelRollout as it is written now; undefined: it has not said so. */
export function controllerRefusal({ metadata, status }: KubernetesObject): ShownRefusal | undefined {
  const accepted = conditionsIn(status).find(({ type }) => type === 'Accepted');
  if (accepted?.status !== 'False') return undefined;
  // What was said of the spec before an edit says nothing of the one that is there.
  if (accepted.observedGeneration < (metadata.generation ?? 0)) return undefined;
  const { reason, message } = accepted;
  return { reason, message };
}

/** Whether it goes on by itself, once another rollout has ended. */
export function isWaitingItsTurn({ reason }: ShownRefusal): boolean {
  return reason === 'TargetInUse';
}

/** `InvalidSpec: The spec is not valid …`. */
export function refusalText({ reason, message }: ShownRefusal): string {
  return `${reason}: ${message}`;
}
