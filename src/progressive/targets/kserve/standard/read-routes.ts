import type { ClusterApi } from '../../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { httpRouteReference } from './http-route.js';
import { serviceNameOf } from './service-name.js';
import { stableNameOf } from './stable-predictor.js';

export type ReadRoutes =
  | { readonly kind: 'routes'; readonly routes: readonly KubernetesObject[] }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The routes by which the service is reached: its own, and that of its predictor where there is one. */
export async function readRoutes(
  api: ClusterApi,
  service: KubernetesObject,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<ReadRoutes> {
  const { name } = service.metadata;
  const routes: KubernetesObject[] = [];
  for (const route of [name, serviceNameOf(name, stableNameOf(service))]) {
    const answer = await api.get(httpRouteReference(namespace, route), signal);
    if (answer.kind === 'ok') routes.push(answer.value);
    else if (answer.kind !== 'not-found') return { kind: 'unavailable', reason: answer.reason };
    // Without its own route it is reached in a way that has no weights.
    else if (route === name) return { kind: 'none', reason: answer.reason };
  }
  return { kind: 'routes', routes };
}
