import type { ArmCounts } from '../../domain/observations.js';

/** One request of an arm that has nothing but what is given. */
export function plannedArm(given: Partial<Omit<ArmCounts, 'requests'>>): ArmCounts {
  return { requests: 1, errors: 0, predictions: new Map(), outcomes: new Map(), ...given };
}

/** The counts of an arm, so many times. */
export function timesArm(arm: ArmCounts, times: number): ArmCounts {
  const { latency } = arm;
  const all = (counts: readonly number[]) => counts.map((count) => count * times);
  return {
    requests: arm.requests * times,
    errors: arm.errors * times,
    ...(latency === undefined
      ? {}
      : { latency: { boundsMs: latency.boundsMs, counts: all(latency.counts) } }),
    predictions: new Map(
      [...arm.predictions].map(([name, predictions]) => [
        name,
        { ...predictions, counts: all(predictions.counts) },
      ]),
    ),
    outcomes: new Map(
      [...arm.outcomes].map(([name, { count, sum, sumOfSquares }]) => [
        name,
        { count: count * times, sum: sum * times, sumOfSquares: sumOfSquares * times },
      ]),
    ),
  };
}

/** A histogram of one request from the shares above its bounds, which chance may have put out of order. */
export function countsOfTails(tails: readonly number[]): number[] {
  const counts: number[] = [];
  let left = 1;
  for (const tail of tails) {
    const above = Math.min(left, Math.max(0, tail));
    counts.push(left - above);
    left = above;
  }
  return [...counts, left];
}
