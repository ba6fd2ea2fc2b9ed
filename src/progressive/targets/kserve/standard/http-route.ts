import type { ObjectReference } from '../../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { conditionOf } from '../../condition-of.js';
import { listAt, numberAt, textAt, valueAt } from '../../json-at.js';

export function httpRouteReference(namespace: string, name: string): ObjectReference {
  return { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes', namespace, name };
}

/** Shares of the backends in a rule of a route, in percent of what the rule gives out. */
export type BackendShares = ReadonlyMap<string, number>;

/** One for each rule; a rule that gives out nothing has no backend. */
export function backendSharesOf(route: KubernetesObject): readonly BackendShares[] {
  return listAt(route, 'spec', 'rules').map((rule) => {
    const backends = listAt(rule, 'backendRefs').map((backend) => ({
      name: textAt(backend, 'name') ?? '',
      // The Gateway API takes 1 for a weight that is not said.
      weight: valueAt(backend, 'weight') === undefined ? 1 : (numberAt(backend, 'weight') ?? 0),
    }));
    const sum = backends.reduce((total, { weight }) => total + weight, 0);
    const shares = new Map<string, number>();
    for (const { name, weight } of backends) {
      if (sum > 0) shares.set(name, (shares.get(name) ?? 0) + (100 * weight) / sum);
    }
    return shares;
  });
}

/** Why a Gateway does not follow the route as it stands; undefined: it does. */
export function routeProblem(route: KubernetesObject): string | undefined {
  const { name, generation } = route.metadata;
  const parents = listAt(route, 'status', 'parents');
  if (parents.length === 0) return `no Gateway has taken HTTPRoute ${name} yet`;
  for (const parent of parents) {
    const conditions = listAt(parent, 'conditions');
    const isOld = conditions.some((condition) => {
      const seen = numberAt(condition, 'observedGeneration');
      return seen !== undefined && generation !== undefined && seen < generation;
    });
    if (isOld) return `the Gateway has not seen the newest HTTPRoute ${name} yet`;
    if (conditionOf(conditions, 'Accepted')?.status !== 'True') {
      return `HTTPRoute ${name} is not accepted by its Gateway`;
    }
    const failing = ['ResolvedRefs', 'Programmed'].find(
      (type) => conditionOf(conditions, type)?.status === 'False',
    );
    if (failing !== undefined) {
      const text = conditionOf(conditions, failing)?.text;
      return `HTTPRoute ${name}: ${failing} is False${text === undefined ? '' : ` (${text})`}`;
    }
  }
  return undefined;
}
