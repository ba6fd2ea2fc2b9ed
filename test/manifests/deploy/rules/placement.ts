import { readDocument } from '../../argo-documents.js';
import { readManifestFiles } from '../../manifest-files.js';
import type { Cluster } from '../cluster.js';
import { configOf } from '../pod-config.js';

const standardLabels = ['name', 'instance', 'component', 'part-of', 'managed-by'].map(
  (label) => `app.kubernetes.io/${label}`,
);

/** Where the objects are, what they are called, and that they let the pods come and go. */
export function checkPlacement(cluster: Cluster): readonly string[] {
  const problems: string[] = [];
  const { name: namespace } = cluster.only('Namespace').metadata;
  for (const { kind, metadata } of cluster.objects) {
    if (kind !== 'Namespace' && metadata.namespace !== namespace) {
      problems.push(`${kind} ${metadata.name} is not in the namespace ${namespace}`);
    }
    for (const label of standardLabels) {
      if (!(label in metadata.labels)) problems.push(`${kind} ${metadata.name} has no label ${label}`);
    }
  }

  const service = cluster.only('Service');
  const url = `http://${service.metadata.name}.${namespace}.svc.cluster.local:${service.spec.ports[0]?.port ?? 0}`;
  if (!templateUrls().every((asked) => asked === url))
    problems.push(`the shipped templates do not ask ${url}`);

  const { maxUnavailable = 0, minAvailable = Infinity } = cluster.only('PodDisruptionBudget').spec;
  const { replicas } = cluster.only('Deployment').spec;
  if (maxUnavailable < 1 && minAvailable >= replicas) problems.push('the PodDisruptionBudget blocks drains');

  const { drainDelayMs, stopGraceMs } = configOf(cluster).server;
  if (cluster.pod.terminationGracePeriodSeconds * 1000 <= drainDelayMs + stopGraceMs) {
    problems.push('the pod is killed before the service has stopped');
  }
  return problems;
}

/** Where the shipped analysis templates look for the service. */
function templateUrls(): readonly (string | undefined)[] {
  return readManifestFiles()
    .flatMap((file) => file.documents.map(readDocument))
    .flatMap((document) => (document?.kind === 'AnalysisTemplate' ? document.spec.args : []))
    .filter((argument) => argument.name === 'verdict-url')
    .map((argument) => argument.value);
}
