import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { TargetState } from '../../../machine/target-state.js';
import { obstacleOf } from '../obstacle-of.js';
import { knativeReadiness } from './knative-readiness.js';
import { observedPercent } from './observed-percent.js';
import { predictorOf } from './predictor-of.js';
import { canaryOf, revisionsOf, stableOf } from './revisions.js';

/** An InferenceService in Knative mode: versions are Knative's revisions. */
export function observeKnative(service: KubernetesObject): TargetState {
  const obstacle = obstacleOf(service);
  if (obstacle !== undefined) return { kind: 'undrivable', reason: obstacle };
  const { fingerprint, percent } = predictorOf(service);
  const revisions = revisionsOf(service);
  const seen = observedPercent(service, revisions, percent ?? 100);
  return {
    kind: 'observed',
    uid: service.metadata.uid,
    fingerprint,
    configuredPercent: percent,
    observedPercent: seen.percent,
    canary: canaryOf(revisions),
    stable: stableOf(revisions),
    readiness: knativeReadiness(service, revisions),
    foreignChange: null,
    note: seen.note,
  };
}
