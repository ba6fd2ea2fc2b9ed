import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { Readiness } from '../../../machine/target-state.js';
import { listAt, textAt, valueAt } from '../../json-at.js';
import { modelFailureOf } from '../model-failure.js';

/** Whether an entry of `spec.canary` can serve, as the status says. */
export function standardReadiness(service: KubernetesObject, name: string): Readiness {
  const status = listAt(service, 'status', 'canaryStatuses').find((one) => textAt(one, 'name') === name);
  const failure = modelFailureOf(valueAt(status, 'modelStatus'));
  if (valueAt(status, 'ready') === true) {
    return failure === undefined ? { kind: 'ready' } : { kind: 'not-ready', text: failure.text };
  }
  return failure === undefined
    ? { kind: 'not-ready', text: `canary ${name} is not available yet` }
    : { kind: 'failed', text: failure.text };
}
