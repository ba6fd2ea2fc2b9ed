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

/** Every predictor has Mappings of its own with its weight, but the first: that one gets what is left. */
async function readMappings(
  api: ClusterApi,
  namespace: string,
  name: string,
  split: readonly Predictor[],
  signal: AbortSignal | undefined,
): Promise<RoutedTraffic> {
  const routes: ReadonlyMap<string, number>[] = [];
  for (const protocol of ['rest', 'grpc']) {
    const shares = new Map<string, number>();
    for (const predictor of split) {
      const mapped = mapping(namespace, `seldon-${namespace}-${name}-${predictor.name}-${protocol}`);
      const answer = await api.get(mapped, signal);
      if (answer.kind === 'not-found') {
        if (shares.size === 0 && routes.length === 0) return { kind: 'none' };
        continue;
      }
      if (answer.kind !== 'ok') return { kind: 'unavailable', reason: answer.reason };
      shares.set(predictor.name, predictor.index === 0 ? 0 : (numberAt(answer.value, 'spec', 'weight') ?? 0));
    }
    const first = split.find(({ index }) => index === 0);
    const given = [...shares.values()].reduce((total, weight) => total + weight, 0);
    if (first !== undefined) shares.set(first.name, Math.max(0, 100 - given));
    routes.push(shares);
  }
  return { kind: 'routes', routes };
}
