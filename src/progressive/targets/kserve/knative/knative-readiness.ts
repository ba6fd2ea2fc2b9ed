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
    // KServe sets `BlockedByFailedLoad` at the first container that exits, which a restart or a slow bucket is enough for, and
    // keeps it for the next model. Where it does not say of which revision, the limit for getting ready decides.
    const isCertain = failure.revision !== undefined || (failure.isInvalid && !isReady);
    return { kind: isCertain ? 'failed' : 'not-ready', text: failure.text };
  }
  if (isReady) return { kind: 'ready' };
  const said = ['PredictorConfigurationReady', 'PredictorReady']
    .map((type) => statusConditionOf(service, type))
    .find((condition) => condition !== undefined && condition.status !== 'True')?.text;
  const what = created === undefined ? 'no revision was made yet' : `revision ${created} is not ready`;
  return { kind: 'not-ready', text: said === undefined ? what : `${what}: ${said}` };
}
