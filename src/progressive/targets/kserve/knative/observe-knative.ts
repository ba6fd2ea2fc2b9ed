import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { TargetState } from '../../../machine/target-state.js';
import { recordAt } from '../../json-at.js';
import { isCarried } from '../is-carried.js';
import { obstacleOf } from '../obstacle-of.js';
import { knativeReadiness } from './knative-readiness.js';
import { observedPercent } from './observed-percent.js';
import { predictorOf } from './predictor-of.js';
import { canaryOf, revisionsOf, stableOf } from './revisions.js';

/**
 * An InferenceService in Knative mode: versions are Knative's revisions.
 *
 * @param newModel the fields of the model that the rollout carries
 */
export function observeKnative(
  service: KubernetesObject,
  newModel: Readonly<Record<string, unknown>> | undefined,
): TargetState {
  const obstacle = obstacleOf(service);
  if (obstacle !== undefined) return { kind: 'undrivable', reason: obstacle };
  const { fields, fingerprint, percent, problem } = predictorOf(service);
  const revisions = revisionsOf(service);
  const seen =
    problem === undefined
      ? observedPercent(service, revisions, percent ?? 100)
      : { percent: null, note: problem };
  return {
    kind: 'observed',
    uid: service.metadata.uid,
    fingerprint,
    // Another stable model is another revision.
    stableFingerprint: null,
    isCarriedModel: isCarried(recordAt(fields, 'model'), newModel),
    configuredPercent: percent,
    observedPercent: seen.percent,
    canary: canaryOf(revisions),
    stable: stableOf(revisions),
    readiness: knativeReadiness(service, revisions),
    foreignChange: problem ?? null,
    note: seen.note,
  };
}
