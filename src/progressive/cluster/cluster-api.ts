import type { KubernetesObject } from './kubernetes-object.js';
import type { PatchOperation } from './patch-operation.js';

/** A kind of objects, as its address names it. */
export interface ObjectKind {
  /** `serving.kserve.io`; empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** One object. */
export interface ObjectReference extends ObjectKind {
  readonly namespace: string;
  readonly name: string;
}

/** Why an API server did not do what it was asked. Reasons are for people and hold no secret. */
export type ApiFailure =
  /** There is no such object, or no such kind of objects. */
  | { readonly kind: 'not-found'; readonly reason: string }
  /** 409: another copy is newer, or the object is there already. Nothing was changed. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** 422 or 400: a `test` that does not hold, a schema or an admission webhook that refuses. Nothing was changed. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** 403. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** No answer in time, credentials that are not taken (401), 429, or 5xx: whether something was changed is not known. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs?: number };

export type ApiAnswer<T> = { readonly kind: 'ok'; readonly value: T } | ApiFailure;

/** How a change is sent. */
export interface ChangeOptions {
  readonly subresource?: 'status';
  /** Checked by the server, and not done. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * As much of an API server as driving needs. Never throws for what can be expected of a network; answers within a
 * deadline of its own. Built over a client library in one place, so that nothing else has to know it.
 */
export interface ClusterApi {
  get(reference: ObjectReference, signal?: AbortSignal): Promise<ApiAnswer<KubernetesObject>>;
  /** All of a namespace; without one, of the whole cluster. */
  list(
    kind: ObjectKind,
    options?: {
      readonly namespace?: string | undefined;
      readonly labelSelector?: string;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<ApiAnswer<{ readonly items: readonly KubernetesObject[]; readonly resourceVersion: string }>>;
  /** As `application/json-patch+json`. */
  patch(
    reference: ObjectReference,
    operations: readonly PatchOperation[],
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>>;
  create(
    kind: ObjectKind,
    namespace: string,
    object: object,
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>>;
  /** Replaces the whole object; a `metadata.resourceVersion` in it that is not the newest is a conflict. */
  replace(
    reference: ObjectReference,
    object: object,
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>>;
}
