/** A traffic router, and the objects that make it complete: they stand in the file of the Rollout. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type {
  ArgoDocument,
  HttpRoute,
  Ingress,
  Rollout,
  Service,
  VirtualService,
} from '../argo-documents.js';

const root = 'spec.strategy.canary';
const gatewayPlugin = 'argoproj-labs/gatewayAPI';

/** @param known the documents of the Rollout's file, and others. */
export function checkTrafficRouting(rollout: Rollout, known: readonly ArgoDocument[]): readonly FieldError[] {
  const { canary } = rollout.spec.strategy;
  const { trafficRouting, canaryService, stableService } = canary;
  if (trafficRouting === undefined) return [];
  const at = `${root}.trafficRouting`;
  const routers = [...Object.keys(trafficRouting)].filter((key) => key !== 'managedRoutes');
  if (routers.length !== 1)
    return [{ path: at, message: `expected one router, got ${routers.join(' and ') || 'none'}` }];
  if (canaryService === undefined || stableService === undefined) {
    const missing = canaryService === undefined ? 'canaryService' : 'stableService';
    return [{ path: `${root}.${missing}`, message: 'missing; a router moves traffic between two services' }];
  }
  const pair = [stableService, canaryService];
  const { istio, nginx, plugins } = trafficRouting;
  if (istio !== undefined) return checkIstio(istio, pair, known, `${at}.istio`);
  if (nginx !== undefined) return checkNginx(nginx.stableIngress, stableService, known, `${at}.nginx`);
  if (plugins !== undefined) return checkGateway(plugins, pair, known, `${at}.plugins`);
  return [{ path: at, message: `"${routers.join()}" is no router that is checked here` }];
}

function checkIstio(
  istio: NonNullable<NonNullable<Rollout['spec']['strategy']['canary']['trafficRouting']>['istio']>,
  pair: readonly string[],
  known: readonly ArgoDocument[],
  at: string,
): readonly FieldError[] {
  const { virtualService } = istio;
  if (virtualService === undefined) return [{ path: `${at}.virtualService`, message: 'missing' }];
  const path = `${at}.virtualService`;
  const found = named<VirtualService>(known, 'VirtualService', virtualService.name, `${path}.name`);
  if (!('object' in found)) return found.errors;
  const { http, hosts } = found.object.spec;
  const errors: FieldError[] = hosts.flatMap((host) =>
    // A short name is a Service of the same namespace; one of another form is somebody else's business.
    host.includes('.') ? [] : serviceErrors(known, host, `${path}.name`),
  );
  const names = http.map((route) => route.name ?? '');
  if (virtualService.routes.length === 0 && http.length > 1)
    errors.push({ path: `${path}.routes`, message: 'missing; the VirtualService has more than one' });
  virtualService.routes.forEach((name, index) => {
    if (!names.includes(name))
      errors.push({
        path: `${path}.routes[${index}]`,
        message: `no route "${name}"; ${suggestName(name, names)}`,
      });
  });
  for (const { name = '', route } of http) {
    if (virtualService.routes.length > 0 && !virtualService.routes.includes(name)) continue;
    const weights = new Map(route.map(({ destination, weight }) => [destination.host, weight] as const));
    errors.push(...checkBackends(weights, pair, `VirtualService route "${name}"`, path));
  }
  return errors;
}

function checkNginx(
  ingressName: string | undefined,
  stableService: string,
  known: readonly ArgoDocument[],
  at: string,
): readonly FieldError[] {
  const path = `${at}.stableIngress`;
  if (ingressName === undefined) return [{ path, message: 'missing' }];
  const found = named<Ingress>(known, 'Ingress', ingressName, path);
  if (!('object' in found)) return found.errors;
  const backends = found.object.spec.rules.flatMap((rule) =>
    rule.http.paths.map(({ backend }) => backend.service),
  );
  const stable = backends.filter((backend) => backend.name === stableService);
  if (stable.length === 0)
    return [{ path, message: `Ingress "${ingressName}" has no rule for Service "${stableService}"` }];
  return backends.flatMap(({ name, port }) => serviceErrors(known, name, path, port));
}

function checkGateway(
  plugins: Readonly<Record<string, { readonly httpRoute?: string | undefined }>>,
  pair: readonly string[],
  known: readonly ArgoDocument[],
  at: string,
): readonly FieldError[] {
  const names = Object.keys(plugins);
  const plugin = plugins[gatewayPlugin];
  if (plugin === undefined)
    return [{ path: at, message: `no "${gatewayPlugin}"; ${suggestName(names.join(), [gatewayPlugin])}` }];
  const path = `${at}.${gatewayPlugin}.httpRoute`;
  if (plugin.httpRoute === undefined) return [{ path, message: 'missing' }];
  const found = named<HttpRoute>(known, 'HTTPRoute', plugin.httpRoute, path);
  if (!('object' in found)) return found.errors;
  return found.object.spec.rules.flatMap(({ backendRefs }, index) => [
    ...checkBackends(
      new Map(backendRefs.map(({ name, weight }) => [name, weight] as const)),
      pair,
      `HTTPRoute rule ${index}`,
      path,
    ),
    ...backendRefs.flatMap(({ name, port }) => serviceErrors(known, name, path, { number: port })),
  ]);
}

/** Both services and nothing else, all traffic on the stable one: so a router stands before the first rollout. */
function checkBackends(
  weights: ReadonlyMap<string, number>,
  [stable = '', canary = '']: readonly string[],
  what: string,
  path: string,
): readonly FieldError[] {
  const others = [...weights.keys()].filter((name) => name !== stable && name !== canary);
  const errors = others.map((name) => ({ path, message: `${what} sends traffic to "${name}"` }));
  for (const [name, expected] of [
    [stable, 100],
    [canary, 0],
  ] as const) {
    const weight = weights.get(name);
    if (weight === undefined) errors.push({ path, message: `${what} does not name "${name}"` });
    else if (weight !== expected)
      errors.push({ path, message: `${what}: expected ${expected} for "${name}", got ${weight}` });
  }
  return errors;
}

/** The service exists in the file, with the port where one is named. */
function serviceErrors(
  known: readonly ArgoDocument[],
  name: string,
  path: string,
  port: { readonly name?: string | undefined; readonly number?: number | undefined } = {},
): readonly FieldError[] {
  const found = named<Service>(known, 'Service', name, path);
  if (!('object' in found)) return found.errors;
  const matches = found.object.spec.ports.some(
    (candidate) =>
      (port.name === undefined || candidate.name === port.name) &&
      (port.number === undefined || candidate.port === port.number),
  );
  return matches ? [] : [{ path, message: `Service "${name}" has no port ${port.name ?? port.number}` }];
}

function named<T extends ArgoDocument>(
  known: readonly ArgoDocument[],
  kind: T['kind'],
  name: string,
  path: string,
): { readonly object: T } | { readonly errors: readonly FieldError[] } {
  const candidates = known.filter((document): document is T => document.kind === kind);
  const object = candidates.find((document) => document.metadata.name === name);
  if (object !== undefined) return { object };
  const names = candidates.map((document) => document.metadata.name);
  return { errors: [{ path, message: `no ${kind} "${name}"; ${suggestName(name, names)}` }] };
}
