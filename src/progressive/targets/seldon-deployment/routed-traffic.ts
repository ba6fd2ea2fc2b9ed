import type { ClusterApi, ObjectReference } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { listAt, numberAt, textAt } from '../json-at.js';
import type { Predictor } from './predictors.js';

/** What the ingress does with the predictors. */
export type RoutedTraffic =
  /** One entry for each route: the share of each predictor in percent. */
  | { readonly kind: 'routes'; readonly routes: readonly ReadonlyMap<string, number>[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Reads the weights from Istio's VirtualService, or else from Ambassador's Mappings: whichever Seldon writes. */
export async function readRoutedTraffic(
  api: ClusterApi,
  deployment: KubernetesObject,
  split: readonly Predictor[],
  signal: AbortSignal | undefined,
): Promise<RoutedTraffic> {
  const { name, namespace = '' } = deployment.metadata;
  const service = await api.get(virtualService(namespace, name), signal);
  if (service.kind === 'ok') return { kind: 'routes', routes: virtualServiceShares(service.value) };
  if (service.kind !== 'not-found') return { kind: 'unavailable', reason: service.reason };
  return readMappings(api, namespace, name, split, signal);
}

export function virtualService(namespace: string, name: string): ObjectReference {
  return { group: 'networking.istio.io', version: 'v1beta1', plural: 'virtualservices', namespace, name };
}

export function mapping(namespace: string, name: string): ObjectReference {
  return { group: 'getambassador.io', version: 'v2', plural: 'mappings', namespace, name };
}

/** The first route is for HTTP, the second for gRPC; subsets are called like the predictors. */
function virtualServiceShares(service: KubernetesObject): readonly ReadonlyMap<string, number>[] {
  return listAt(service, 'spec', 'http').map((route) => {
    const destinations = listAt(route, 'route').map((destination) => ({
      name: textAt(destination, 'destination', 'subset') ?? '',
      weight: numberAt(destination, 'weight') ?? 0,
    }));
    // A single destination gets everything, whatever its weight.
    const [only] = destinations;
    if (only !== undefined && destinations.length === 1) return new Map([[only.name, 100]]);
    const sum = destinations.reduce((total, { weight }) => total + weight, 0);
    return new Map(destinations.map(({ name, weight }) => [name, sum > 0 ? (100 * weight) / sum : 0]));
  });
}

/**
 * Every predictor has Mappings of its own with its weight, but the first of the spec as it was when they were written: without a
 * weight it gets what is left. There may be none of one of the protocols.
 */
async function readMappings(
  api: ClusterApi,
  namespace: string,
  name: string,
  split: readonly Predictor[],
  signal: AbortSignal | undefined,
): Promise<RoutedTraffic> {
  const routes: ReadonlyMap<string, number>[] = [];
  for (const protocol of ['rest', 'grpc']) {
    const weights = new Map<string, number | undefined>();
    for (const predictor of split) {
      const mapped = mapping(namespace, `seldon-${namespace}-${name}-${predictor.name}-${protocol}`);
      const answer = await api.get(mapped, signal);
      if (answer.kind === 'not-found') continue;
      if (answer.kind !== 'ok') return { kind: 'unavailable', reason: answer.reason };
      weights.set(predictor.name, numberAt(answer.value, 'spec', 'weight'));
    }
    if (weights.size > 0) routes.push(sharesOf(weights));
  }
  return routes.length > 0 ? { kind: 'routes', routes } : { kind: 'none' };
}

/** Who has no weight of its own gets its part of what the others leave. */
function sharesOf(weights: ReadonlyMap<string, number | undefined>): ReadonlyMap<string, number> {
  const given = [...weights.values()].reduce<number>((total, weight = 0) => total + weight, 0);
  const unweighted = [...weights.values()].filter((weight) => weight === undefined).length;
  const rest = Math.max(0, 100 - given) / Math.max(1, unweighted);
  return new Map([...weights].map(([name, weight]) => [name, weight ?? rest]));
}
