import type { TailCounts } from '../../statistics/change-point-mixture.js';

/**
 * One arm's trials in one look and how many of them are events, by the three readings that a tail guardrail
 * needs. For the error rate all three are the errors; for a quantile the first two are counted above bounds that
 * round to the safe side, the third is interpolated at the rollback threshold.
 */
export interface ArmTail {
  readonly trials: number;
  /** Events that rollback evidence counts. */
  readonly rollbackEvents: number;
  /** Events that promote evidence counts. */
  readonly promoteEvents: number;
  /** Events beyond the rollback threshold itself, for the rollback gate and for "does stable breach?". */
  readonly beyondRollback: number;
  /** Events beyond the promote threshold itself, for the promote gate. */
  readonly beyondPromote: number;
}

export const noTail: ArmTail = {
  trials: 0,
  rollbackEvents: 0,
  promoteEvents: 0,
  beyondRollback: 0,
  beyondPromote: 0,
};

/** A guardrail's tail counts over the timeline, and the rates that they are tested against. */
export interface TailSeries {
  readonly canary: readonly ArmTail[];
  readonly stable: readonly ArmTail[];
  readonly before: readonly ArmTail[];
  /** Null and alternatives of the rollback evidence: H0 "the rate is at most nullRate". */
  readonly rollback: { readonly nullRate: number; readonly alternatives: readonly number[] };
  /** Null and alternatives of the promote evidence: H0 "the rate is at least nullRate". */
  readonly promote: { readonly nullRate: number; readonly alternatives: readonly number[] };
  /** The rate that the rollback gate compares `beyondRollback` with. */
  readonly rollbackGateRate: number;
  /** The rate that the promote gate compares `beyondPromote` with. */
  readonly promoteGateRate: number;
  /** False where no bound lies at or above the promote threshold: rollback evidence is then 0. */
  readonly rollbackMeasurable: boolean;
  /** False where the rollback threshold lies above the last bound: that gate never opens. */
  readonly rollbackGateMeasurable: boolean;
  /** Gross failure: a second, much higher null that may roll back from the first look (error rate only). */
  readonly gross?: { readonly nullRate: number; readonly alternatives: readonly number[] };
}

/** Sums tails look by look. */
export function sumTails(tails: readonly ArmTail[]): ArmTail {
  let trials = 0;
  let rollbackEvents = 0;
  let promoteEvents = 0;
  let beyondRollback = 0;
  let beyondPromote = 0;
  for (const tail of tails) {
    trials += tail.trials;
    rollbackEvents += tail.rollbackEvents;
    promoteEvents += tail.promoteEvents;
    beyondRollback += tail.beyondRollback;
    beyondPromote += tail.beyondPromote;
  }
  return { trials, rollbackEvents, promoteEvents, beyondRollback, beyondPromote };
}

export function rollbackCounts(tail: ArmTail): TailCounts {
  return { trials: tail.trials, events: tail.rollbackEvents };
}

export function promoteCounts(tail: ArmTail): TailCounts {
  return { trials: tail.trials, events: tail.promoteEvents };
}
