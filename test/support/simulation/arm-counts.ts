import {
  defaultSeries,
  type ArmCounts,
  type LatencyCounts,
  type OutcomeTotals,
} from '../../../src/domain/observations.js';

/** What one version did in one look, where it has one output and one outcome at most. */
export interface PlainCounts {
  readonly requests: number;
  readonly errors?: number;
  readonly latency?: LatencyCounts | undefined;
  readonly scores?: { readonly edges: readonly number[]; readonly counts: readonly number[] } | undefined;
  readonly outcomes?: OutcomeTotals | undefined;
}

export function armCounts({ requests, errors = 0, latency, scores, outcomes }: PlainCounts): ArmCounts {
  return {
    requests,
    errors,
    ...(latency === undefined ? {} : { latency }),
    predictions: new Map(scores === undefined ? [] : [[defaultSeries, { kind: 'scores', ...scores }]]),
    outcomes: new Map(outcomes === undefined ? [] : [[defaultSeries, outcomes]]),
  };
}

/** Totals of outcomes that are 1 or 0. */
export function yesOrNo(count: number, sum: number): OutcomeTotals {
  return { count, sum, sumOfSquares: sum };
}
