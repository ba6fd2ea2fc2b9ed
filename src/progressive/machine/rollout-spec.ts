import type { Command } from './command.js';

/** One share of the traffic that the canary has to earn, with what is asked of it there. */
export interface StageSpec {
  /** The canary's share, a whole percentage from 1 to 100; 100 is promotion and is not judged. */
  readonly percent: number;
  /** Time after the confirmed change of weight whose looks are left out of the evidence. */
  readonly stabilisationSeconds: number;
  /** Time after stabilisation before the verdict may let the canary go on. */
  readonly minimumAnalysisSeconds: number;
  /** Confidence of promote at this stage; null: the policy's own. */
  readonly confidence: number | null;
  /** What an undecided business proxy does at this stage; null: as the policy says. */
  readonly proxyIfUndecided: 'hold' | 'pass' | 'bounded' | null;
}

/** Which looks a verdict is made from: all since the canary started, or (no guarantee then) the last ones. */
export type EvidenceSpec =
  { readonly kind: 'since-start' } | { readonly kind: 'window'; readonly windowSeconds: number };

/**
 * Where the new model comes from. `carried`: the rollout holds it and applies it together with the first percent;
 * `awaited`: somebody will apply it together with the first percent; `present`: it has to be there already.
 */
export type NewVersionSpec = 'carried' | 'awaited' | 'present';

/** How a canary is driven, every default filled in. Where the traffic is moved is the target's own part. */
export interface RolloutSpec {
  /** Name of the policy that judges. */
  readonly policy: string;
  /** Ascending; the last one is 100. */
  readonly stages: readonly StageSpec[];
  readonly newVersion: NewVersionSpec;
  readonly evidence: EvidenceSpec;
  /** `proceed` goes on without a verdict once a stage's minimum analysis is over: no guarantee then. */
  readonly undecided: 'wait' | 'proceed';
  /** How long `wait` waits at a stage, from the end of its stabilisation, before it pauses and alerts. */
  readonly undecidedLimitSeconds: number;
  /** How long the canary may not be ready, at the start or later, before it is rolled back. */
  readonly readyLimitSeconds: number;
  /** How long a later change of weight may stay unconfirmed before the rollout pauses. */
  readonly confirmLimitSeconds: number;
  /** What people asked for, each obeyed once. */
  readonly commands: readonly Command[];
}
