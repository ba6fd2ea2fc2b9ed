import type { Observations } from '../../domain/observations.js';
import type { WeightSince } from './verdict-request.js';

/**
 * The observations without the looks of stabilisation. For policies in threshold mode, which have no warm-up: they would judge
 * those looks. In evidence mode warm-up shows them and leaves them out of the evidence.
 */
export function withoutStabilisation(
  observations: Observations,
  weights: readonly WeightSince[],
  leftOutSeconds: number,
): Observations {
  const isStabilising = (startMs: number, endMs: number): boolean =>
    weights.some(({ fromMs }) => endMs > fromMs && startMs < fromMs + leftOutSeconds * 1000);
  return {
    ...observations,
    looks: observations.looks.filter(({ startMs, endMs }) => !isStabilising(startMs, endMs)),
  };
}
