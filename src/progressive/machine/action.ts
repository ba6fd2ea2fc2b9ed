import type { Alert } from './alert.js';
import type { VerdictRequest } from './verdict-request.js';

/** Whose traffic is meant: a change is refused where another resource or a newer model stands there by now. */
export interface Expected {
  readonly uid: string;
  /** Null where the new model is not there yet: the change brings it. */
  readonly fingerprint: string | null;
  /** The version that was judged, which another revision of the same model is not; null: not known yet. */
  readonly canary?: string | null | undefined;
  readonly stable: string | null;
  /** Of the stable model, where its name stays while it changes; null: its name tells. */
  readonly stableFingerprint?: string | null | undefined;
}

/** Set the canary's share, only where it still is what it was; with `bringsModel` together with the carried model. */
export interface SetWeightAction {
  readonly kind: 'set-weight';
  readonly expected: Expected;
  readonly fromPercent: number | null;
  readonly toPercent: number;
  readonly bringsModel: boolean;
}

/** Canary traffic to zero in one change, whatever its share is: it wins over a concurrent step. */
export interface RollBackAction {
  readonly kind: 'roll-back';
  readonly expected: Expected;
}

/** Everything to the canary, for good (the field removed, or 0 and 100). */
export interface PromoteAction {
  readonly kind: 'promote';
  readonly expected: Expected;
  readonly fromPercent: number | null;
}

/** What changes the target; at most one of these in a step. */
export type TargetAction = SetWeightAction | RollBackAction | PromoteAction;

/**
 * What the driver has to do, after the state was saved: saved first, so that a change of its own is never taken for
 * somebody else's. Every action may be lost or repeated: what is not seen done is asked for again.
 */
export type Action =
  | TargetAction
  | { readonly kind: 'ask-verdict'; readonly request: VerdictRequest }
  /** Deliver at least once; the same key is the same alert. */
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** Ask again by then, or sooner when the target changes. */
  | { readonly kind: 'wait-until'; readonly atMs: number };
