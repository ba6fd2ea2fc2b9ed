import type { ObjectKind } from '../cluster/cluster-api.js';

/** The custom resource that says how a canary is driven. */
export const modelRolloutKind = {
  group: 'ml-verdict.io',
  version: 'v1alpha1',
  plural: 'modelrollouts',
} as const satisfies ObjectKind;

export const modelRolloutApiVersion = `${modelRolloutKind.group}/${modelRolloutKind.version}`;

export const modelRolloutKindName = 'ModelRollout';
