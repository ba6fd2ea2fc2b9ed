import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import { textAt } from '../json-at.js';

export type DeploymentMode =
  | { readonly kind: 'knative' }
  | { readonly kind: 'standard' }
  /** One in which there is no canary. */
  | { readonly kind: 'other'; readonly name: string }
  /** KServe has not looked at it yet. */
  | { readonly kind: 'unknown' };

/** How KServe runs it, under the names of today and those before. The status counts: what nobody wrote has a default there. */
export function deploymentModeOf(service: KubernetesObject): DeploymentMode {
  const name =
    textAt(service, 'status', 'deploymentMode') ??
    service.metadata.annotations?.['serving.kserve.io/deploymentMode'];
  switch (name) {
    case undefined:
      return { kind: 'unknown' };
    case 'Knative':
    case 'Serverless':
      return { kind: 'knative' };
    case 'Standard':
    case 'RawDeployment':
      return { kind: 'standard' };
    default:
      return { kind: 'other', name };
  }
}
