import type { AlertMessage } from '../alerts/alert-message.js';
import type { ClusterApi } from '../cluster/cluster-api.js';
import type { StageJudge } from '../driver/stage-judge.js';
import type { TargetKind } from '../targets/target-kind.js';
import type { ControllerLog } from './controller-log.js';
import type { ControllerMetrics } from './controller-metrics.js';
import type { PlaceOwners } from './place-owners.js';
import type { TargetPlace } from './target-watches.js';

/** What every rollout is driven with. */
export interface ManagedParts {
  readonly api: ClusterApi;
  readonly judge: StageJudge;
  readonly kinds: readonly TargetKind[];
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: ControllerLog;
  readonly metrics: ControllerMetrics;
  /** Template of links, for rollouts that name none of their own. */
  readonly alertLink?: string;
  /** Must not block. */
  readonly onAlert: (message: AlertMessage) => void;
  readonly wake: (key: string) => void;
  /** Who drives what: one at a time. */
  readonly owners: PlaceOwners;
  /** What its traffic is moved on; null: nothing that has to be watched. */
  readonly onTarget: (key: string, place: TargetPlace | null) => void;
}
