import type { KnownVersions } from '../driver/ask-as-known.js';
import type { JudgedModel } from '../driver/stage-judge.js';
import type { RolloutSpec } from '../machine/rollout-spec.js';
import type { TargetKind } from '../targets/target-kind.js';

/** What the traffic is moved on, as a rollout names it. */
export interface ChosenTarget {
  readonly kind: TargetKind;
  /** Checked by the kind's schema. */
  readonly spec: unknown;
}

/** A ModelRollout that was read and found to be in order. */
export interface ModelRollout {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** Counts the changes of the spec. */
  readonly generation: number;
  /** Which run is wanted, from 1. */
  readonly run: number;
  readonly target: ChosenTarget;
  /** How it is driven, every default filled in. */
  readonly spec: RolloutSpec;
  readonly model: JudgedModel;
  readonly versions: KnownVersions | undefined;
  readonly link: string | null;
}
