import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { numberAt, recordAt } from '../json-at.js';

/** A Deployment of the operator as the status lists it. */
export interface ListedDeployment {
  readonly name: string;
  /** Whose it is; undefined: its name does not tell. */
  readonly predictor: string | undefined;
  readonly replicas: number;
  readonly available: number;
}

/**
 * The Deployments of the status. One is called `<deployment>-<predictor>-<number>-<containers>`; what is too long for that is
 * called otherwise.
 *
 * @param predictors the names of all, so that nobody's Deployments are taken for another's
 */
export function listedDeployments(
  deployment: KubernetesObject,
  predictors: readonly string[],
): readonly ListedDeployment[] {
  // `canary-2` may be another predictor, whose Deployments begin like those of `canary`.
  const longestFirst = [...predictors].sort((one, other) => other.length - one.length);
  const isOf = (name: string, predictor: string) => {
    const prefix = `${deployment.metadata.name}-${predictor}-`;
    return name.startsWith(prefix) && /^(\d+-|svc-orch)/.test(name.slice(prefix.length));
  };
  const statuses = recordAt(deployment, 'status', 'deploymentStatus') ?? {};
  return Object.entries(statuses).map(([name, status]) => ({
    name,
    predictor: longestFirst.find((predictor) => isOf(name, predictor)),
    replicas: numberAt(status, 'replicas') ?? 1,
    available: numberAt(status, 'availableReplicas') ?? 0,
  }));
}

/** Whether all of it is there, as the operator asks before it goes on. */
export function isAvailable({ replicas, available }: ListedDeployment): boolean {
  return available > 0 && available >= replicas;
}

/** `fraud-canary-0-classifier has 0 of 1 replicas`. */
export function countOf({ name, replicas, available }: ListedDeployment): string {
  return `${name} has ${available} of ${replicas} replicas`;
}
