import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import type { PatchOperation } from '../cluster/patch-operation.js';

/** What a change comes to, given how the resource stands. */
export type Plan =
  | {
      readonly kind: 'patch';
      readonly operations: readonly PatchOperation[];
      /** Looks at what the server made of it: a text where it took the change and did not keep it. */
      readonly objection?: (changed: KubernetesObject) => string | undefined;
    }
  /** It does not stand as it should: another weight, a newer model. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** The platform cannot do it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It could not be found out. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export function conflict(reason: string): Plan {
  return { kind: 'conflict', reason };
}

export function refused(reason: string): Plan {
  return { kind: 'refused', reason };
}

export function patch(operations: readonly PatchOperation[]): Plan {
  return { kind: 'patch', operations };
}
