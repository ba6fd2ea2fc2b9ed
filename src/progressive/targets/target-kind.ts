import type { z } from 'zod';
import type { ClusterApi, ObjectReference } from '../cluster/cluster-api.js';
import type { Target } from '../target.js';

/** What a target is made with. */
export interface TargetContext {
  readonly api: ClusterApi;
  readonly namespace: string;
  /** Is told each patch before it is sent, for `--dry-run`, logs and tests. */
  readonly onPatch?: ((patch: SentPatch) => void) | undefined;
  /** Sends changes to be checked only, none is made. */
  readonly dryRun?: boolean | undefined;
}

/** A change as it goes over the wire. */
export interface SentPatch {
  readonly reference: ObjectReference;
  readonly operations: readonly unknown[];
}

/** The rules of RBAC that a target needs, as they stand in a Role. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * One kind of target: how a rollout names it, what it needs, and how it is made. A new one is a folder and a line in the
 * registry; the schema of the custom resource, the roles, and the documents follow.
 */
export interface TargetKind<Spec = unknown> {
  /** The field under `spec.target`: `kserve`, `seldonDeployment`, `seldonExperiment`. */
  readonly name: string;
  /** One sentence for people. */
  readonly title: string;
  /** What stands under that field. */
  readonly schema: z.ZodType<Spec>;
  readonly access: readonly AccessRule[];
  /** The resource that traffic is moved on. */
  referenceOf(spec: Spec, namespace: string): ObjectReference;
  /** Whether the rollout itself holds the new model, to be applied together with the first percent. */
  carriesModel(spec: Spec): boolean;
  create(spec: Spec, context: TargetContext): Target;
}
