import type { ClusterApi } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../fingerprint-of.js';
import { recordAt, textAt, without } from '../json-at.js';
import type { Candidate, Candidates } from './candidates.js';

export type CandidateModel =
  | { readonly kind: 'read'; readonly fingerprint: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

export type CandidateModels =
  | {
      readonly kind: 'read';
      /** Of the newest: the canary where there is one. */
      readonly fingerprint: string;
      readonly stableFingerprint: string;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * An Experiment only names its candidates: what they are stands in Models or Pipelines of their own, where a newer model may be
 * put under the same name. How many replicas they have is no other model.
 */
export async function readCandidateModels(
  api: ClusterApi,
  experiment: KubernetesObject,
  { stable, canary }: Pick<Candidates, 'stable' | 'canary'>,
  signal: AbortSignal | undefined,
): Promise<CandidateModels> {
  const newest = await readCandidateModel(api, experiment, canary ?? stable, signal);
  if (newest.kind !== 'read' || stable === undefined || canary === undefined) {
    return newest.kind === 'read' ? { ...newest, stableFingerprint: newest.fingerprint } : newest;
  }
  const beside = await readCandidateModel(api, experiment, stable, signal);
  return beside.kind === 'read' ? { ...newest, stableFingerprint: beside.fingerprint } : beside;
}

/** One of them alone: for a rollback the stable one does not matter. */
export async function readCandidateModel(
  api: ClusterApi,
  experiment: KubernetesObject,
  candidate: Candidate | undefined,
  signal: AbortSignal | undefined,
): Promise<CandidateModel> {
  if (candidate === undefined) return { kind: 'read', fingerprint: fingerprintOf(null) };
  const { name } = candidate;
  const isPipeline = textAt(experiment, 'spec', 'resourceType') === 'pipeline';
  const plural = isPipeline ? 'pipelines' : 'models';
  const { namespace = '' } = experiment.metadata;
  const reference = { group: 'mlops.seldon.io', version: 'v1alpha1', plural, namespace, name };
  const answer = await api.get(reference, signal);
  if (answer.kind !== 'ok' && answer.kind !== 'not-found')
    return { kind: 'unavailable', reason: answer.reason };
  const spec = answer.kind === 'ok' ? recordAt(answer.value, 'spec') : undefined;
  const model = spec === undefined ? null : without(spec, 'replicas', 'minReplicas', 'maxReplicas');
  return { kind: 'read', fingerprint: fingerprintOf([name, model]) };
}
