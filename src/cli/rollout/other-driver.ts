import { isEnd } from '../../progressive/index.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import { modelRolloutKind, rolloutText, type ModelRollout } from '../../progressive/resource/index.js';
import { failureText } from './refused.js';
import { storedRollout } from './stored-rollout.js';

/** What is known of others who drive the same target. */
export type OtherDriver =
  | { readonly kind: 'none' }
  /** Not to be found out by this person; nothing is known of one. */
  | { readonly kind: 'hidden'; readonly reason: string }
  | { readonly kind: 'found'; readonly reason: string };

/** Whether a ModelRollout of the cluster is about the same target: two hands on it are worse than none. */
export async function otherDriver(api: ClusterApi, rollout: ModelRollout): Promise<OtherDriver> {
  const { namespace } = rollout;
  const listed = await api.list(modelRolloutKind, { namespace });
  // A cluster without the resource has no controller that would be in the way.
  if (listed.kind === 'not-found') return { kind: 'none' };
  if (listed.kind === 'forbidden') return { kind: 'hidden', reason: listed.reason };
  if (listed.kind !== 'ok') {
    return { kind: 'found', reason: failureText('the list of ModelRollouts', listed) };
  }
  const other = listed.value.items.find((object) => mayDrive(object, rollout));
  if (other === undefined) return { kind: 'none' };
  const { name } = other.metadata;
  const reason = `${rolloutText({ namespace, name })} drives ${targetName(rollout)} already`;
  return { kind: 'found', reason };
}

/** One that cannot be read may be about anything: it is taken at its words. */
function mayDrive(object: KubernetesObject, rollout: ModelRollout): boolean {
  const stored = storedRollout(object, Date.now());
  if (typeof stored === 'string') {
    const { kind, spec } = rollout.target;
    const written = JSON.stringify(object.spec ?? null);
    return written.includes(JSON.stringify(kind.referenceOf(spec, rollout.namespace).name));
  }
  return !isEnd(stored.shown.state.phase) && targetName(stored.rollout) === targetName(rollout);
}

function targetName({ target: { kind, spec }, namespace }: ModelRollout): string {
  const { plural, name } = kind.referenceOf(spec, namespace);
  return `${plural} ${name}`;
}
