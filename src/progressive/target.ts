import type { PromoteAction, RollBackAction, SetWeightAction } from './machine/action.js';
import type { TargetState } from './machine/target-state.js';

/** How a change of a target ended. Expected failures are values: the next reading says how it stands. */
export type TargetResult =
  | { readonly kind: 'done' }
  /** Something was not as expected (another weight, a newer model, an older copy): nothing was changed. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** The platform does not allow it, now or ever: no permission, an admission webhook, a mode without a split. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gone' }
  /** No answer, or one that says "later": whether it was changed is not known. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * What traffic is moved on, one resource of a platform. It keeps no state of its own and never throws for what can be
 * expected of a network. It changes the canary's share and nothing else, each time in one request that is applied whole or
 * not at all, and only while the resource is the `expected` one.
 */
export interface Target {
  /** `kserve`, `seldon`, …: as a rollout names it. */
  readonly kind: string;
  observe(signal?: AbortSignal): Promise<TargetState>;
  /** Conflict where the share is not `fromPercent` any more, or where no canary beside the stable version is there. */
  setWeight(action: SetWeightAction, signal?: AbortSignal): Promise<TargetResult>;
  /** Zero whatever the share is; conflict only for another resource or a newer model. */
  rollBack(action: RollBackAction, signal?: AbortSignal): Promise<TargetResult>;
  promote(action: PromoteAction, signal?: AbortSignal): Promise<TargetResult>;
}
