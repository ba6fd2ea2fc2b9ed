import type { ClusterApi } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../fingerprint-of.js';
import { recordAt, textAt, without } from '../json-at.js';
import type { Candidates } from './candidates.js';

export type CandidateModels =
  | { readonly kind: 'read'; readonly fingerprint: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * An Experiment only names its candidates: what they are stands in Models or Pipelines of their own, where a newer model may be
 * put under the same name. How many replicas they have is no other model.
 */
export async function readCandidateModels(
  api: ClusterApi,
  experiment: KubernetesObject,
  { stable, canary }: Candidates,
  signal: AbortSignal | undefined,
): Promise<CandidateModels> {
  const isPipeline = textAt(experiment, 'spec', 'resourceType') === 'pipeline';
  const plural = isPipeline ? 'pipelines' : 'models';
  const found: unknown[] = [];
  for (const candidate of [stable, canary]) {
    if (candidate === undefined) {
      found.push(null);
      continue;
    }
    const { name } = candidate;
    const { namespace = '' } = experiment.metadata;
    const reference = { group: 'mlops.seldon.io', version: 'v1alpha1', plural, namespace, name };
    const answer = await api.get(reference, signal);
    if (answer.kind !== 'ok' && answer.kind !== 'not-found')
      return { kind: 'unavailable', reason: answer.reason };
    const spec = answer.kind === 'ok' ? recordAt(answer.value, 'spec') : undefined;
    found.push([name, spec === undefined ? null : without(spec, 'replicas', 'minReplicas', 'maxReplicas')]);
  }
  return { kind: 'read', fingerprint: fingerprintOf(found) };
}
