import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { Readiness } from '../../machine/target-state.js';
import { numberAt, recordAt, textAt } from '../json-at.js';

/**
 * Whether a predictor can serve: by its own Deployments where the status lists them. `Failed` of the whole is believed for this
 * predictor only while its own are not there: it also stands after a change that could not be made for another reason.
 *
 * @param predictors the names of all, so that nobody's Deployments are taken for another's
 */
export function predictorReadiness(
  deployment: KubernetesObject,
  predictor: string,
  predictors: readonly string[],
): Readiness {
  const state = textAt(deployment, 'status', 'state') ?? 'Creating';
  const description = textAt(deployment, 'status', 'description');
  const own = ownDeployments(deployment, predictor, predictors);
  const missing = own.filter(({ replicas, available }) => available < replicas || available === 0);
  const isThere = own.length > 0 && missing.length === 0;
  if (state === 'Failed') {
    const text = description ?? 'the SeldonDeployment failed';
    return { kind: isThere ? 'not-ready' : 'failed', text };
  }
  if (isThere || (own.length === 0 && state === 'Available')) return { kind: 'ready' };
  const [first] = missing;
  const text =
    first === undefined
      ? `the SeldonDeployment is ${state.toLowerCase()}`
      : `${first.name} has ${first.available} of ${first.replicas} replicas`;
  return { kind: 'not-ready', text };
}

interface OwnDeployment {
  readonly name: string;
  readonly replicas: number;
  readonly available: number;
}

/** Called `<deployment>-<predictor>-<number>-<containers>`; what is too long for that is called otherwise and not found. */
function ownDeployments(
  deployment: KubernetesObject,
  predictor: string,
  predictors: readonly string[],
): readonly OwnDeployment[] {
  // `canary-2` may be another predictor, whose Deployments begin like those of `canary`.
  const longer = predictors.filter((name) => name.startsWith(`${predictor}-`));
  const isOf = (name: string, of: string) => {
    const prefix = `${deployment.metadata.name}-${of}-`;
    return name.startsWith(prefix) && /^(\d+-|svc-orch)/.test(name.slice(prefix.length));
  };
  const statuses = recordAt(deployment, 'status', 'deploymentStatus') ?? {};
  return Object.entries(statuses)
    .filter(([name]) => isOf(name, predictor) && !longer.some((other) => isOf(name, other)))
    .map(([name, status]) => ({
      name,
      replicas: numberAt(status, 'replicas') ?? 1,
      available: numberAt(status, 'availableReplicas') ?? 0,
    }));
}
