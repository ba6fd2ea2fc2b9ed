import type { ClusterApi } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { ObservedTarget, TargetState } from '../../machine/target-state.js';
import { textAt } from '../json-at.js';
import { predictorReadiness } from './predictor-readiness.js';
import {
  foreignPredictor,
  isCarriedPredictor,
  newestOf,
  predictorFingerprint,
  predictorsOf,
  type Predictor,
  type Predictors,
} from './predictors.js';
import { readRoutedTraffic } from './routed-traffic.js';
import type { SeldonDeploymentSpec } from './seldon-deployment-spec.js';
import { whyNotRouted } from './why-not-routed.js';

/** A SeldonDeployment: versions are its predictors, and what they really get is what the ingress says. */
export async function observeSeldonDeployment(
  api: ClusterApi,
  deployment: KubernetesObject,
  spec: SeldonDeploymentSpec,
  signal: AbortSignal | undefined,
): Promise<TargetState> {
  const predictors = predictorsOf(deployment, spec);
  const problem = rolesProblem(predictors, spec);
  if (problem !== undefined) return { kind: 'undrivable', reason: problem };
  const { all, stable, canary } = predictors;
  const split = all.filter(({ isShadow }) => !isShadow);
  const routed = await readRoutedTraffic(api, deployment, split, signal);
  if (routed.kind === 'unavailable') return routed;
  if (routed.kind === 'none') return withoutRoutes(deployment);
  const shared = {
    kind: 'observed',
    uid: deployment.metadata.uid,
    fingerprint: predictorFingerprint(newestOf(predictors)),
    stableFingerprint: predictorFingerprint(stable ?? canary),
    isCarriedModel: isCarriedPredictor(newestOf(predictors), spec.newPredictor),
    foreignChange: foreignPredictor(predictors),
  } as const;
  if (canary === undefined || stable === undefined) {
    // Where the old predictor was taken away after a promotion, the canary is what is stable.
    return {
      ...shared,
      configuredPercent: null,
      observedPercent: null,
      canary: null,
      stable: (stable ?? canary)?.name ?? null,
      readiness: { kind: 'not-ready', text: 'there is no second predictor yet' },
      note: null,
    };
  }
  const names = all.map(({ name }) => name);
  return {
    ...shared,
    ...seen(deployment, canary, routed.routes, names),
    canary: canary.name,
    stable: stable.name,
    readiness: predictorReadiness(deployment, canary.name, names),
  };
}

function seen(
  deployment: KubernetesObject,
  { name, traffic, problem }: Predictor,
  routes: readonly ReadonlyMap<string, number>[],
  predictors: readonly string[],
): Pick<ObservedTarget, 'configuredPercent' | 'observedPercent' | 'note' | 'stuck'> {
  if (problem !== undefined) {
    return { configuredPercent: null, observedPercent: null, note: problem, stuck: null };
  }
  // In no route at all it has nothing: it came after they were written.
  const isNamed = routes.some((route) => route.has(name));
  const shares = new Set(routes.map((route) => (isNamed ? route.get(name) : 0)));
  const [share] = shares;
  const observedPercent = shares.size === 1 && share !== undefined ? share : null;
  const seenShares = { configuredPercent: traffic, observedPercent };
  if (observedPercent === traffic) return { ...seenShares, note: null, stuck: null };
  const hold = whyNotRouted(deployment, name, predictors);
  const stuck = traffic === 0 ? (hold?.wayOut ?? null) : null;
  const unsettled =
    observedPercent === null
      ? `the routes do not name ${name} with one share yet`
      : `the routes give ${name} ${observedPercent} %`;
  return { ...seenShares, note: stuck ?? hold?.why ?? unsettled, stuck };
}

function rolesProblem({ all, stable, canary }: Predictors, spec: SeldonDeploymentSpec): string | undefined {
  const shadow = all.find(({ isShadow, name }) => isShadow && (name === spec.canary || name === spec.stable));
  if (shadow !== undefined) return `Predictor ${shadow.name} is a shadow: it gets no share of the traffic.`;
  if (stable !== undefined || canary !== undefined) return undefined;
  const names = all.map(({ name }) => name).join(', ');
  return `It has neither a predictor ${spec.stable} nor ${spec.canary}, but ${names === '' ? 'none' : names}.`;
}

/** Before it is available the routes may still come. */
function withoutRoutes(deployment: KubernetesObject): TargetState {
  if (textAt(deployment, 'status', 'state') !== 'Available') {
    return { kind: 'unavailable', reason: 'its routes are not there yet' };
  }
  return {
    kind: 'undrivable',
    reason:
      'There is neither a VirtualService of Istio nor Mappings of Ambassador for it, so that its split cannot be seen. Ambassador configured by annotations drops a weight of 0, and 100:0 becomes 50:50: a canary could not be rolled back.',
  };
}
