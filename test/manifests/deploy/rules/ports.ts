import type { Cluster } from '../cluster.js';
import { routes } from '../../../../src/server/routes/index.js';
import { configOf } from '../pod-config.js';

/** Every port that is named is there, and the service listens on it; every path that is asked is a route. */
export function checkPorts(cluster: Cluster): readonly string[] {
  const { ports, startupProbe, livenessProbe, readinessProbe } = cluster.container;
  const service = cluster.only('Service');
  const known = ports.map(({ name }) => name);
  const served = service.spec.ports.map(({ name }) => name);
  const paths: readonly string[] = routes.map(({ path }) => path);
  const probes = Object.entries({ startupProbe, livenessProbe, readinessProbe });
  const monitored = cluster.all('ServiceMonitor').flatMap(({ spec }) => spec.endpoints);
  const named: readonly (readonly [string, string | number])[] = [
    ...service.spec.ports.map(({ targetPort }) => ['the Service', targetPort] as const),
    ...cluster
      .all('NetworkPolicy')
      .flatMap(({ spec }) => spec.ingress)
      .flatMap(({ ports: open }) => open.map(({ port }) => ['the NetworkPolicy', port] as const)),
    ...probes.map(([name, { httpGet }]) => [name, httpGet.port] as const),
  ];
  return [
    ...named
      .filter(([, port]) => !known.includes(String(port)))
      .map(([who, port]) => `${who} names the port ${port}, the container has ${known.join(', ')}`),
    ...monitored
      .filter(({ port }) => !served.includes(port))
      .map(({ port }) => `the ServiceMonitor names the port ${port}, the Service has ${served.join(', ')}`),
    ...[...probes.map(([, { httpGet }]) => httpGet.path), ...monitored.map(({ path }) => path)]
      .filter((path) => !paths.includes(path))
      .map((path) => `${path} is asked, and is no route`),
    ...(monitored.every(({ honorLabels }) => honorLabels)
      ? []
      : ['the namespace of what is ingested is lost in the scrape (honorLabels)']),
    ...(livenessProbe.httpGet.path === readinessProbe.httpGet.path
      ? ['liveness and readiness ask the same path']
      : []),
    ...ports
      .filter(({ containerPort }) => containerPort !== configOf(cluster).server.port)
      .map(({ containerPort }) => `the service does not listen on ${containerPort}`),
  ];
}
