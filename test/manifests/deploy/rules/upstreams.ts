import type { Cluster } from '../cluster.js';
import { configOf } from '../pod-config.js';

/** The pods are let out to the servers of the cluster that the config has them ask, and to the names of these. */
export function checkUpstreams(cluster: Cluster): readonly string[] {
  const egress = cluster.all('NetworkPolicy').flatMap(({ spec }) => spec.egress);
  const mayAsk = (namespace: string, port: number, protocol = 'TCP'): boolean =>
    egress.some(
      ({ to, ports }) =>
        (to.length === 0 ||
          to.some(
            ({ namespaceSelector }) =>
              namespaceSelector?.matchLabels['kubernetes.io/metadata.name'] === namespace,
          )) &&
        ports.some((one) => one.port === port && one.protocol === protocol),
    );
  return [...configOf(cluster).prometheus.servers.values()].flatMap(({ name, url }) => {
    const { hostname, port, protocol } = new URL(url);
    const [, namespace] = /\.([^.]+)\.svc(?:\.|$)/.exec(hostname) ?? [];
    // Elsewhere it may have any address.
    if (namespace === undefined) return [];
    const asked = Number(port || (protocol === 'https:' ? 443 : 80));
    return [
      ...(mayAsk(namespace, asked) ? [] : [`${name}: no way out to port ${asked} of ${namespace}`]),
      ...(mayAsk('kube-system', 53, 'UDP') ? [] : [`${name}: no way out to the DNS`]),
    ];
  });
}
