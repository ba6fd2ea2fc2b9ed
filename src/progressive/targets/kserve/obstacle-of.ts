import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { valueAt } from '../json-at.js';

/** Why KServe would not follow a change of weight, or not with the whole service; undefined: it would. */
export function obstacleOf(service: KubernetesObject): string | undefined {
  const annotations = service.metadata.annotations ?? {};
  if (annotations['serving.kserve.io/stop'] === 'true') {
    return 'It is stopped by the annotation serving.kserve.io/stop.';
  }
  if (annotations['serving.kserve.io/disable-auto-update'] === 'true') {
    return 'The annotation serving.kserve.io/disable-auto-update keeps KServe from following any change.';
  }
  for (const component of ['transformer', 'explainer']) {
    if (typeof valueAt(service, 'spec', component, 'canaryTrafficPercent') === 'number') {
      return `spec.${component}.canaryTrafficPercent is set: two canaries at once split the traffic four ways. Only the predictor's is driven.`;
    }
  }
  return undefined;
}
