import { fileURLToPath } from 'node:url';
import type { ModelCluster } from '../rig/model-cluster.js';

/** The account that the shipped files make for the controller. */
export const controllerAccount = { namespace: 'ml-verdict', name: 'ml-verdict-controller' } as const;

const components = fileURLToPath(new URL('../../../../deploy/components/', import.meta.url));

/** The file that declares ModelRollout. */
export const modelRolloutFile = `${components}controller/crd.yaml`;

/** Puts the account of the controller there, with the roles that the shipped files give it and no others. */
export async function applyShippedAccess(cluster: ModelCluster): Promise<void> {
  await cluster.createNamespace(controllerAccount.namespace);
  const files = [
    'controller/service-account.yaml',
    'controller/roles.yaml',
    'controller-kserve/roles.yaml',
    'controller-seldon/roles.yaml',
    'controller-seldon-v2/roles.yaml',
  ];
  await cluster.kubectl(['apply', ...files.flatMap((file) => ['-f', components + file])]);
}

/** Lets the controller lead by a lease of another namespace too, as the shipped Role does in its own. */
export async function allowLeaseIn(cluster: ModelCluster, namespace: string): Promise<void> {
  const { name } = controllerAccount;
  const group = 'rbac.authorization.k8s.io';
  await cluster.apply([
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: { namespace, name },
      rules: [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { namespace, name },
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', ...controllerAccount }],
    },
  ]);
}
