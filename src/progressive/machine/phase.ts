/** Looking for the new version; nothing was changed yet. */
export interface WaitingPhase {
  readonly kind: 'waiting';
  readonly sinceMs: number;
  /** Whether a rollout that carries its model takes another canary for its own: a person resumed it so. */
  readonly takesAnyCanary: boolean;
}

/** A change of weight is wanted, perhaps made, and not yet seen in the traffic. */
export interface ShiftingPhase {
  readonly kind: 'shifting';
  readonly fromPercent: number | null;
  readonly toPercent: number;
  readonly sinceMs: number;
}

/** The weight is confirmed; the looks of this time are left out of the evidence. */
export interface StabilisingPhase {
  readonly kind: 'stabilising';
  readonly sinceMs: number;
}

/** Looks count, verdicts are asked for. */
export interface AnalysingPhase {
  readonly kind: 'analysing';
  readonly sinceMs: number;
  /** From when on undecided is waited for: the start, or when a person last resumed. */
  readonly patienceFromMs: number;
}

/** Everything is to go to the canary, and has not yet been seen to. */
export interface PromotingPhase {
  readonly kind: 'promoting';
  readonly fromPercent: number;
  readonly sinceMs: number;
}

export type ActivePhase = WaitingPhase | ShiftingPhase | StabilisingPhase | AnalysingPhase | PromotingPhase;

export const pauseCauses = [
  'person',
  'undecided',
  'foreign-change',
  'newer-model',
  'baseline-changed',
  'not-confirmed',
  'refused',
  'undrivable',
] as const;
export type PauseCause = (typeof pauseCauses)[number];

/** The weight stays where it is until a person says more; a rollback verdict still rolls back. */
export interface PausedPhase {
  readonly kind: 'paused';
  readonly cause: PauseCause;
  readonly text: string;
  readonly sinceMs: number;
  readonly interrupted: ActivePhase;
}

export const rollbackCauses = ['verdict', 'person', 'not-ready'] as const;
export type RollbackCause = (typeof rollbackCauses)[number];

/** Zero is wanted, and not yet seen in the traffic. */
export interface RollingBackPhase {
  readonly kind: 'rolling-back';
  readonly cause: RollbackCause;
  readonly text: string;
  readonly sinceMs: number;
  /** Why the target refused, told once; null: it did not. */
  readonly refusal: string | null;
  /** The share that stood there before a change whose end was not seen when this was decided; undefined: none was under way. */
  readonly beforePercent?: number | null | undefined;
  /** That zero is not seen was told, once. */
  readonly isOverdue: boolean;
}

export interface RolledBackPhase {
  readonly kind: 'rolled-back';
  readonly cause: RollbackCause;
  readonly text: string;
  readonly atMs: number;
  /** The share that somebody gave the canary afterwards, told once; null: none. */
  readonly raisedToPercent: number | null;
}

export interface PromotedPhase {
  readonly kind: 'promoted';
  readonly atMs: number;
}

export const failureCauses = [
  'nothing-to-roll-out',
  'already-at-100',
  'canary-already-there',
  'gone',
  'superseded',
  'undrivable',
  'refused',
  'aborted',
] as const;
export type FailureCause = (typeof failureCauses)[number];

/** It ended without a promotion or a rollback of its own; the target was left as it is. */
export interface FailedPhase {
  readonly kind: 'failed';
  readonly cause: FailureCause;
  readonly text: string;
  readonly atMs: number;
}

export type EndPhase = RolledBackPhase | PromotedPhase | FailedPhase;

export type Phase = ActivePhase | PausedPhase | RollingBackPhase | EndPhase;

/** Whether nothing will be changed any more. */
export function isEnd(phase: Phase): phase is EndPhase {
  return phase.kind === 'rolled-back' || phase.kind === 'promoted' || phase.kind === 'failed';
}
