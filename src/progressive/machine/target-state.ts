/** Whether the newest version of the target can serve. `failed`: its platform says that it will not. */
export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-ready'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

/**
 * What was seen of a target in one reading, facts only: what they mean is decided by the machine. A reading is never
 * older than the one before it.
 */
export interface ObservedTarget {
  readonly kind: 'observed';
  /** Identity of the resource; another one under the same name has another. */
  readonly uid: string;
  /** A text that changes with what the newest model is (its storage address, say), and with nothing else. */
  readonly fingerprint: string;
  /** The same of the stable model, where its name stays while it changes; null: its name tells. */
  readonly stableFingerprint: string | null;
  /** Whether the newest model is the one that the rollout carries; true where it carries none. */
  readonly isCarriedModel: boolean;
  /** The canary's share as the resource asks for it; null: the field is absent, everything goes to the newest version. */
  readonly configuredPercent: number | null;
  /**
   * The share that really goes to `canary` as status or routes say, 0 while that version does not serve; null while
   * traffic is in motion or the status is older than what it should answer.
   */
  readonly observedPercent: number | null;
  /** The newest version where it is not the stable one; null: there is none (yet). */
  readonly canary: string | null;
  /** The version that has the rest of the traffic; null while that cannot be told. */
  readonly stable: string | null;
  readonly readiness: Readiness;
  /** What somebody else changed that only the target can see (a third predictor with traffic); null: nothing. */
  readonly foreignChange: string | null;
  /** For people: why it is not settled. */
  readonly note: string | null;
  /** Why a share of zero will not be followed by itself: people have to act. Null or left out: nothing is in its way. */
  readonly stuck?: string | null;
}

export type TargetState =
  | ObservedTarget
  /** There is no such resource. */
  | { readonly kind: 'gone' }
  /** It could not be read: nothing is known. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** It cannot be driven as it is: wrong mode, a missing route, an annotation that stops its controller. */
  | { readonly kind: 'undrivable'; readonly reason: string };
