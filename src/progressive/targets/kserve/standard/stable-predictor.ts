import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../../fingerprint-of.js';
import { recordAt, textAt } from '../../json-at.js';
import type { CanaryEntry } from './canary-entry.js';

export function stablePredictorOf(service: KubernetesObject): Readonly<Record<string, unknown>> {
  return recordAt(service, 'spec', 'predictor') ?? {};
}

export function stableNameOf(service: KubernetesObject): string | undefined {
  return textAt(service, 'spec', 'predictor', 'name');
}

/**
 * Of both predictors: the canary is what it has otherwise than the stable one, and another model under the stable one's name
 * would be another comparison.
 */
export function standardFingerprint(service: KubernetesObject, entry: CanaryEntry | undefined): string {
  return fingerprintOf([stablePredictorOf(service), entry?.overlay]);
}
