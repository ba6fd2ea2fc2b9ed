import type { Alert, AlertKind } from './alert.js';
import type { Phase } from './phase.js';
import type { StageVerdict } from './stage-verdict.js';
import type { WeightSince } from './verdict-request.js';

/** Version of the state's form; another one is not read. */
export const stateSchemaName = 'ml-verdict/rollout-state/v1';

/** Why a rollout's end carries no guarantee. */
export const guaranteeLosses = ['window', 'proceed', 'threshold-mode', 'person'] as const;
export type GuaranteeLoss = (typeof guaranteeLosses)[number];

export interface HistoryEntry {
  readonly atMs: number;
  readonly kind: AlertKind;
  readonly text: string;
}

/** A change that the target refused. */
export interface Refusal {
  readonly action: 'set-weight' | 'promote' | 'roll-back';
  readonly reason: string;
}

/** That the target could not be read the last time, and since when. */
export interface Unseen {
  readonly sinceMs: number;
  readonly reason: string;
  /** People were told. */
  readonly isTold: boolean;
}

/**
 * Everything that a rollout has to remember, as plain JSON for a resource's status. Bounded in size. Times are
 * milliseconds since the epoch.
 */
export interface RolloutState {
  readonly schema: typeof stateSchemaName;
  /** How often it began, from 1: anew for a newer model or another stable version. */
  readonly attempt: number;
  readonly phase: Phase;
  /** Which resource, model and versions it is about; null until they are known. */
  readonly uid: string | null;
  readonly fingerprint: string | null;
  readonly stableFingerprint: string | null;
  readonly canary: string | null;
  readonly stable: string | null;
  /** The last confirmed share of the canary. */
  readonly percent: number;
  /** When the canary's first share was confirmed: evidence counts from here. */
  readonly startedAtMs: number | null;
  /** The shares that were seen, oldest first. */
  readonly weights: readonly WeightSince[];
  readonly unreadySinceMs: number | null;
  /** null: the target was read the last time. */
  readonly unseen: Unseen | null;
  readonly lastVerdict: StageVerdict | null;
  /** Why the last question was not answered; null: it was, or none was asked. */
  readonly unanswered: string | null;
  readonly refusal: Refusal | null;
  readonly guaranteeLosses: readonly GuaranteeLoss[];
  readonly handledCommands: readonly string[];
  /** Alerts that were not yet acknowledged. */
  readonly outbox: readonly Alert[];
  /** How many alerts there were: makes their keys. */
  readonly alertCount: number;
  /** The newest entries. */
  readonly history: readonly HistoryEntry[];
}

/** The state of a rollout that nobody has looked at yet. */
export function initialState(nowMs: number): RolloutState {
  return {
    schema: stateSchemaName,
    attempt: 1,
    phase: { kind: 'waiting', sinceMs: nowMs, takesAnyCanary: false },
    uid: null,
    fingerprint: null,
    stableFingerprint: null,
    canary: null,
    stable: null,
    percent: 0,
    startedAtMs: null,
    weights: [],
    unreadySinceMs: null,
    unseen: null,
    lastVerdict: null,
    unanswered: null,
    refusal: null,
    guaranteeLosses: [],
    handledCommands: [],
    outbox: [],
    alertCount: 0,
    history: [],
  };
}

/** Another attempt from the first stage: what was told and which commands were obeyed stays known, nothing else. */
export function beginAgain(
  { attempt, handledCommands, outbox, alertCount, history }: RolloutState,
  nowMs: number,
): RolloutState {
  return { ...initialState(nowMs), attempt: attempt + 1, handledCommands, outbox, alertCount, history };
}

/** `none` as soon as anything but proven verdicts moved the weight up. */
export function rolloutGuarantee(state: RolloutState): 'stated' | 'none' {
  return state.guaranteeLosses.length > 0 ? 'none' : 'stated';
}
