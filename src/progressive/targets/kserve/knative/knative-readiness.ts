import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { Readiness } from '../../../machine/target-state.js';
import { statusConditionOf } from '../../condition-of.js';
import { valueAt } from '../../json-at.js';
import { modelFailureOf } from '../model-failure.js';
import type { Revisions } from './revisions.js';

/** Whether the newest revision can serve. */
export function knativeReadiness(service: KubernetesObject, { created, ready }: Revisions): Readiness {
  const isReady = created !== undefined && created === ready;
  const failure = modelFailureOf(valueAt(service, 'status', 'modelStatus'));
  // What is said of an older revision is not about this one.
  if (failure !== undefined && (failure.revision ?? created) === created) {
    // Of a revision that Knative holds for ready, one crashed pod is no reason to give it up at once.
    const isCertain = !isReady || failure.revision !== undefined;
    return { kind: isCertain ? 'failed' : 'not-ready', text: failure.text };
  }
  if (isReady) return { kind: 'ready' };
  const said = ['PredictorConfigurationReady', 'PredictorReady']
    .map((type) => statusConditionOf(service, type))
    .find((condition) => condition !== undefined && condition.status !== 'True')?.text;
  const what = created === undefined ? 'no revision was made yet' : `revision ${created} is not ready`;
  return { kind: 'not-ready', text: said === undefined ? what : `${what}: ${said}` };
}
