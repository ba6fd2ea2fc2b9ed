/** What KServe's controller wants to find in a cluster, and the one way to run a model that the tests use. */

/** The namespace of the controller itself. */
export const kserveNamespace = 'kserve';

const knativeNamespace = 'knative-serving';

/** Namespaces and settings; the answer is in the order in which they have to be made. */
export const kserveSettings: readonly object[] = [
  namespace(kserveNamespace),
  namespace(knativeNamespace),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'inferenceservice-config', namespace: kserveNamespace },
    data: {
      deploy: JSON.stringify({ defaultDeploymentMode: 'Knative' }),
      explainers: '{}',
      inferenceService: '{}',
      ingress: JSON.stringify({
        ingressDomain: 'example.com',
        ingressGateway: `${knativeNamespace}/knative-ingress-gateway`,
        kserveIngressGateway: `${kserveNamespace}/kserve-ingress-gateway`,
        localGateway: `${knativeNamespace}/knative-local-gateway`,
        localGatewayService: 'knative-local-gateway.istio-system.svc.cluster.local',
        // Routes are Knative's own affair here, and there is no router that would want them.
        disableIstioVirtualHost: true,
      }),
      storageInitializer: JSON.stringify({
        image: 'storage-initializer',
        memoryRequest: '100Mi',
        memoryLimit: '1Gi',
        cpuRequest: '100m',
        cpuLimit: '1',
      }),
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config-autoscaler', namespace: knativeNamespace },
    data: {},
  },
];

/** How every model of the tests would be run, if anything ran. */
export const servingRuntime: object = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ClusterServingRuntime',
  metadata: { name: 'runs-nothing' },
  spec: {
    supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true }],
    protocolVersions: ['v2'],
    containers: [{ name: 'kserve-container', image: 'runs-nothing' }],
  },
};

function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
