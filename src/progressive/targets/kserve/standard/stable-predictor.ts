import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { fingerprintOf } from '../../fingerprint-of.js';
import { recordAt, textAt } from '../../json-at.js';
import { servedModel } from '../predictor-model.js';
import type { CanaryEntry } from './canary-entry.js';
import { mergedPredictor } from './merged-predictor.js';

export function stablePredictorOf(service: KubernetesObject): Readonly<Record<string, unknown>> {
  return recordAt(service, 'spec', 'predictor') ?? {};
}

export function stableNameOf(service: KubernetesObject): string | undefined {
  return textAt(service, 'spec', 'predictor', 'name');
}

/** What the stable predictor serves, whose name stays when another model is put there. */
export function stableFingerprintOf(service: KubernetesObject): string {
  return fingerprintOf(servedModel(stablePredictorOf(service)));
}

/** The predictor as KServe runs it for the entry: what the entry leaves out is the stable one's. Without one, the stable one. */
export function newestPredictorOf(
  service: KubernetesObject,
  entry: CanaryEntry | undefined,
): Readonly<Record<string, unknown>> {
  const stable = stablePredictorOf(service);
  return entry === undefined ? stable : mergedPredictor(stable, entry.overlay);
}

/** Of the canary alone: what is changed in the stable predictor, and not in the model that both have, is no newer model. */
export function newestFingerprintOf(service: KubernetesObject, entry: CanaryEntry | undefined): string {
  return fingerprintOf(servedModel(newestPredictorOf(service, entry)));
}
