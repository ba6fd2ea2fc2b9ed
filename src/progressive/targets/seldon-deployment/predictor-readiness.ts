import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { Readiness } from '../../machine/target-state.js';
import { textAt } from '../json-at.js';
import { countOf, isAvailable, listedDeployments } from './listed-deployments.js';

/** What the operator says once Kubernetes has given up a Deployment. Any other `Failed` stands until its next pass that goes well. */
const givenUp = /no longer progressing/i;

/**
 * Whether a predictor can serve: by its own Deployments where the status lists them. The operator says that one was given up, not
 * which: it is believed of this predictor only while it has nothing, and nobody else lacks anything.
 *
 * @param predictors the names of all, so that nobody's Deployments are taken for another's
 */
export function predictorReadiness(
  deployment: KubernetesObject,
  predictor: string,
  predictors: readonly string[],
): Readiness {
  const state = textAt(deployment, 'status', 'state') ?? 'Creating';
  const listed = listedDeployments(deployment, predictors);
  const own = listed.filter((one) => one.predictor === predictor);
  const [missing] = own.filter((one) => !isAvailable(one));
  const isThere = own.length > 0 && missing === undefined;
  if (state === 'Failed') {
    const said = textAt(deployment, 'status', 'description') ?? 'the SeldonDeployment failed';
    const text = missing === undefined ? said : `${countOf(missing)}: ${said}`;
    if (!givenUp.test(said)) return { kind: 'not-ready', text };
    if (isThere) return { kind: 'ready' };
    const isOwn = listed.every((one) => isAvailable(one) || one.predictor === predictor);
    const hasNothing = own.length > 0 && own.every(({ available }) => available === 0);
    return { kind: isOwn && hasNothing ? 'failed' : 'not-ready', text };
  }
  if (isThere || (own.length === 0 && state === 'Available')) return { kind: 'ready' };
  const text = missing === undefined ? `the SeldonDeployment is ${state.toLowerCase()}` : countOf(missing);
  return { kind: 'not-ready', text };
}
