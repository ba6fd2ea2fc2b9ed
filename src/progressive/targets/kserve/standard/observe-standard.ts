import type { ClusterApi } from '../../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import type { ObservedTarget, TargetState } from '../../../machine/target-state.js';
import { statusConditionOf } from '../../condition-of.js';
import { recordAt } from '../../json-at.js';
import { isCarried } from '../is-carried.js';
import type { KserveSpec } from '../kserve-spec.js';
import { canaryEntryOf, foreignEntry, type CanaryEntry } from './canary-entry.js';
import { readRoutes } from './read-routes.js';
import { holderOfAll, routedShare } from './routed-share.js';
import { serviceNameOf } from './service-name.js';
import {
  newestFingerprintOf,
  newestPredictorOf,
  stableFingerprintOf,
  stableNameOf,
} from './stable-predictor.js';
import { standardObstacle } from './standard-obstacle.js';
import { standardReadiness } from './standard-readiness.js';

/**
 * An InferenceService in Standard mode: versions are the Services of its predictors, and what they really get is what the
 * HTTPRoutes say. The status only repeats the spec.
 *
 * @param spec its `canary` names the entry of `spec.canary`; absent: the only one
 */
export async function observeStandard(
  api: ClusterApi,
  service: KubernetesObject,
  spec: Pick<KserveSpec, 'canary' | 'newModel'>,
  signal: AbortSignal | undefined,
): Promise<TargetState> {
  const obstacle = standardObstacle(service);
  if (obstacle !== undefined) return { kind: 'undrivable', reason: obstacle };
  const found = canaryEntryOf(service, spec.canary);
  if (found.kind === 'unclear') return { kind: 'undrivable', reason: found.reason };
  const read = await readRoutes(api, service, service.metadata.namespace ?? '', signal);
  if (read.kind === 'unavailable') return read;
  if (read.kind === 'none') return withoutRoute(service);
  const { name, uid } = service.metadata;
  const stable = serviceNameOf(name, stableNameOf(service));
  const entry = found.kind === 'found' ? found.entry : undefined;
  const foreign = foreignEntry(found.others);
  const shared = {
    kind: 'observed',
    uid,
    fingerprint: newestFingerprintOf(service, entry),
    stableFingerprint: stableFingerprintOf(service),
    isCarriedModel: isCarried(recordAt(newestPredictorOf(service, entry), 'model'), spec.newModel),
    foreignChange: entry?.problem ?? foreign,
  } as const;
  if (entry === undefined) {
    const holder = holderOfAll(read.routes);
    return {
      ...shared,
      configuredPercent: null,
      observedPercent: null,
      canary: null,
      stable: holder,
      readiness: { kind: 'not-ready', text: 'spec.canary has no such entry yet' },
      // As after a promotion, until the routes follow: who is stable then is neither the one nor the other.
      note: holder === null ? `the routes do not give everything to ${stable} yet` : null,
    };
  }
  return {
    ...shared,
    configuredPercent: entry.percent,
    canary: serviceNameOf(name, entry.name),
    readiness: standardReadiness(service, entry.name),
    ...seen(service, entry, read.routes, stable),
  };
}

function seen(
  service: KubernetesObject,
  entry: CanaryEntry,
  routes: readonly KubernetesObject[],
  expectedStable: string,
): Pick<ObservedTarget, 'observedPercent' | 'stable' | 'note'> {
  const canary = serviceNameOf(service.metadata.name, entry.name);
  const share = routedShare(routes, canary);
  const isLeftOut =
    !share.isNamed && entry.percent !== 0 && standardReadiness(service, entry.name).kind === 'ready';
  const note = isLeftOut
    ? `no HTTPRoute names ${canary} though it is ready: KServe has not written it yet, or this version (0.20.0 is one) does not split the traffic`
    : share.note;
  if (entry.problem !== undefined) {
    return { observedPercent: null, stable: share.rest ?? expectedStable, note: entry.problem };
  }
  return { observedPercent: share.percent, stable: share.rest ?? expectedStable, note };
}

/** Before it is ready the route may still come. */
function withoutRoute(service: KubernetesObject): TargetState {
  const isThere = ['Ready', 'IngressReady'].some(
    (type) => statusConditionOf(service, type)?.status === 'True',
  );
  const { name } = service.metadata;
  return isThere
    ? {
        kind: 'undrivable',
        reason: `There is no HTTPRoute ${name}: in Standard mode traffic is split by the Gateway API only (enableGatewayApi), an Ingress never splits it.`,
      }
    : { kind: 'unavailable', reason: `HTTPRoute ${name} is not there yet` };
}
