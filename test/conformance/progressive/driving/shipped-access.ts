import { fileURLToPath } from 'node:url';
import type { ModelCluster } from '../rig/model-cluster.js';

/** The account that the shipped files make for the controller. */
export const controllerAccount = { namespace: 'ml-verdict', name: 'ml-verdict-controller' } as const;

/** The file that declares ModelRollout. */
export const modelRolloutFile = fileURLToPath(
  new URL('../../../../deploy/components/controller/crd.yaml', import.meta.url),
);

/** Puts the account of the controller there, with the roles that the shipped files give it. */
export async function applyShippedAccess(cluster: ModelCluster): Promise<void> {
  await cluster.createNamespace(controllerAccount.namespace);
  await cluster.apply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: controllerAccount },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'all' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...controllerAccount }],
    },
  ]);
}
