import type { ObjectKind } from './cluster-api.js';
import type { KubernetesObject } from './kubernetes-object.js';

/** What is watched. */
export interface Watched extends ObjectKind {
  /** Absent: the whole cluster. */
  readonly namespace?: string | undefined;
  /** Where only is of interest that something changed: spec and status are left out of what is sent. */
  readonly isMetadataOnly?: boolean;
}

/** What a watch tells, in order. */
export type WatchEvent =
  /** All that is there: whatever was told before and is not among these is gone. At the start, and after a gap. */
  | { readonly kind: 'listed'; readonly objects: readonly KubernetesObject[] }
  | { readonly kind: 'changed'; readonly object: KubernetesObject }
  | { readonly kind: 'removed'; readonly object: KubernetesObject }
  /** The API server does not answer, or refuses; told at each failure. It is tried again. */
  | {
      readonly kind: 'away';
      /** Milliseconds since the epoch. */
      readonly sinceMs: number;
      readonly reason: string;
      /** There is no such kind of objects: its definition is not installed. */
      readonly isMissing: boolean;
    }
  | { readonly kind: 'back' };

/** Follows objects of a kind. */
export interface ClusterWatch {
  /** Tells all that happens until the signal is aborted, whatever goes wrong; resolves then. Never rejects. */
  follow(watched: Watched, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
}
