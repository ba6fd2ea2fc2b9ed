import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { valueAt } from '../../json-at.js';
import { obstacleOf } from '../obstacle-of.js';

/** Why the traffic of this service cannot be driven in Standard mode; undefined: it can. */
export function standardObstacle(service: KubernetesObject): string | undefined {
  const obstacle = obstacleOf(service);
  if (obstacle !== undefined) return obstacle;
  const component = ['transformer', 'explainer'].find((name) => valueAt(service, 'spec', name) !== undefined);
  if (component !== undefined) {
    return `It has a ${component}, whose requests do not follow the split of a canary in Standard mode.`;
  }
  if (valueAt(service, 'spec', 'predictor', 'canaryTrafficPercent') !== undefined) {
    return 'It runs in Standard mode, where spec.predictor.canaryTrafficPercent is ignored: remove it and use spec.canary.';
  }
  return undefined;
}
