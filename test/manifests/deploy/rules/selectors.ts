import type { Cluster } from '../cluster.js';

type Labels = Readonly<Record<string, string>>;

/** Whatever selects the pods, or the Service, selects them. */
export function checkSelectors(cluster: Cluster): readonly string[] {
  const deployment = cluster.only('Deployment');
  const pod = deployment.spec.template.metadata.labels;
  const service = cluster.only('Service');
  const selections: readonly (readonly [string, Labels, Labels])[] = [
    ['the Deployment', deployment.spec.selector.matchLabels, pod],
    ['the Service', service.spec.selector, pod],
    ['the PodDisruptionBudget', cluster.only('PodDisruptionBudget').spec.selector.matchLabels, pod],
    ...cluster
      .all('NetworkPolicy')
      .map(({ spec }) => ['the NetworkPolicy', spec.podSelector.matchLabels, pod] as const),
    ...cluster.pod.topologySpreadConstraints.map(
      ({ labelSelector }) => ['a topologySpreadConstraint', labelSelector.matchLabels, pod] as const,
    ),
    ...cluster
      .all('ServiceMonitor')
      .map(({ spec }) => ['the ServiceMonitor', spec.selector.matchLabels, service.metadata.labels] as const),
  ];
  return selections
    .filter(([, selector, labels]) => !selects(selector, labels))
    .map(([who, selector]) => `${who} selects ${JSON.stringify(selector)}, which nothing has`);
}

/** An empty selector selects everything, which nobody here means. */
function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
