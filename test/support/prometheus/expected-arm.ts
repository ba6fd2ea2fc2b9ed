import {
  defaultSeries,
  type ArmCounts,
  type LatencyCounts,
  type PredictionCounts,
} from '../../../src/domain/observations.js';
import type { Tally, ValueCounts } from './tally.js';

/** In which bins a look shows what was served. */
export interface ArmShape {
  /** Absent: the pods expose no buckets of request times. */
  readonly latencyBoundsMs?: readonly number[];
  readonly scoreEdges: readonly number[];
  readonly labels: readonly string[];
}

/** The name of the counter by class, beside the scores, which are the default output. */
export const classOutput = 'class';

/** The name of the outcome that pods count. */
export const amountOutcome = 'amount';

/** A tally in the words of a look. */
export function expectedArm(tally: Tally, shape: ArmShape): ArmCounts {
  const latency: LatencyCounts | undefined =
    shape.latencyBoundsMs === undefined
      ? undefined
      : { boundsMs: shape.latencyBoundsMs, counts: binned(tally.latenciesMs, shape.latencyBoundsMs) };
  const listed = shape.labels.map((label) => tally.labels.get(label) ?? 0);
  const totals = { count: 0, sum: 0, sumOfSquares: 0 };
  for (const [value, count] of tally.outcomes) {
    totals.count += count;
    totals.sum += count * value;
    totals.sumOfSquares += count * value * value;
  }
  return {
    requests: tally.requests,
    errors: tally.errors,
    ...(latency === undefined ? {} : { latency }),
    predictions: new Map<string, PredictionCounts>([
      [
        defaultSeries,
        { kind: 'scores', edges: shape.scoreEdges, counts: binned(tally.scores, shape.scoreEdges) },
      ],
      [classOutput, { kind: 'labels', labels: shape.labels, counts: [...listed, 0] }],
    ]),
    outcomes: new Map([[amountOutcome, totals]]),
  };
}

/** Counts between ascending edges, each belonging to the bin that ends there; the last bin is open. */
export function binned(values: ValueCounts<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const [value, count] of values) {
    const found = edges.findIndex((edge) => value <= edge);
    const index = found === -1 ? edges.length : found;
    counts[index] = (counts[index] ?? 0) + count;
  }
  return counts;
}
