import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { textAt } from '../json-at.js';
import { countOf, isAvailable, listedDeployments } from './listed-deployments.js';

/** What keeps the operator from writing the routes anew. */
export interface NotRouted {
  readonly why: string;
  /** What people can do that a share of zero is followed; null: it will be by itself. */
  readonly wayOut: string | null;
}

const rule = 'Seldon routes anew only once every Deployment is ready';

/**
 * Why the routes are not what the spec asks for: the operator writes them only in a pass in which every Deployment is ready, those
 * of a shadow and of the canary itself too. Undefined: nothing is known to be in the way.
 */
export function whyNotRouted(
  deployment: KubernetesObject,
  canary: string,
  predictors: readonly string[],
): NotRouted | undefined {
  const missing = listedDeployments(deployment, predictors).filter((one) => !isAvailable(one));
  const [first] = missing;
  if (first === undefined) {
    const said = textAt(deployment, 'status', 'description');
    return textAt(deployment, 'status', 'state') === 'Failed' && said !== undefined
      ? { why: `Seldon's operator says: ${said}`, wayOut: null }
      : undefined;
  }
  const other = missing.find(({ predictor }) => predictor !== canary);
  return other === undefined
    ? {
        why: `${rule}: ${countOf(first)}`,
        wayOut: `${rule}: take the canary predictor out, stable at 100, in one change (${countOf(first)})`,
      }
    : {
        why: `${rule}: ${countOf(other)}`,
        wayOut: `${rule}: ${countOf(other)}, it has to get ready or to be taken out`,
      };
}
