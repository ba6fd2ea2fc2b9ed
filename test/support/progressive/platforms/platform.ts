import type { ObjectReference } from '../../../../src/progressive/cluster/cluster-api.js';
import type { MemoryCluster } from '../memory-cluster.js';

/** A platform with one service on it, whose controller does its work when it is told to. */
export interface Platform {
  readonly title: string;
  readonly cluster: MemoryCluster;
  readonly reference: ObjectReference;
  /** As a rollout names it, with a new model to carry where that is possible. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly carries: boolean;
  /** The versions by their names once a canary is there. */
  readonly stable: string;
  readonly canary: string;
  /** What the configured share is after a promotion. */
  readonly promotedPercent: number | null;
  /** Whether the canary's version can become ready. */
  canBeReady: boolean;
  /** A user applies the new model with its first share. */
  applyCanary(percent: number): void;
  /** A user applies another model in the canary's place. */
  applyNewerModel(): void;
  /** Somebody else sets the share. */
  setPercent(percent: number): void;
  /** The controllers do their work, until nothing is left to do. */
  reconcile(): void;
}
