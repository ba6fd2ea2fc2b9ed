import { isEnd } from '../../progressive/index.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import { modelRolloutKind, type ModelRollout } from '../../progressive/resource/index.js';
import { storedRollout } from './stored-rollout.js';

/** Why a target must not be driven here: a ModelRollout of the cluster is about it. Undefined where none is seen. */
export async function otherDriver(api: ClusterApi, rollout: ModelRollout): Promise<string | undefined> {
  const { namespace } = rollout;
  const listed = await api.list(modelRolloutKind, { namespace });
  // A cluster without the resource, or people who may not see it, have no controller that would be in the way.
  if (listed.kind !== 'ok') return undefined;
  const name = targetName(rollout);
  for (const object of listed.value.items) {
    const stored = storedRollout(object, Date.now());
    if (typeof stored === 'string' || isEnd(stored.shown.state.phase)) continue;
    if (targetName(stored.rollout) === name) {
      return `the ModelRollout "${object.metadata.name}" in namespace "${namespace}" drives ${name} already`;
    }
  }
  return undefined;
}

function targetName({ target: { kind, spec }, namespace }: ModelRollout): string {
  const { plural, name } = kind.referenceOf(spec, namespace);
  return `${plural} ${name}`;
}
