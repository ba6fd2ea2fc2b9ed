import fc from 'fast-check';
import type { ArmCounts, Observations, PredictionCounts } from '../../../src/domain/observations.js';
import { arbitraryObservations } from '../../support/arbitrary-observations.js';

/** Factors that turn ordinary counts into tiny fractions and into more than anybody serves. */
const factors = [0, 1e-12, 1e-3, 1 / 3, 1, 1000, 1e9];

/** Observations that a reader accepts although nobody expects them: see {@link factors}, and odd weights. */
export function oddObservations(): fc.Arbitrary<Observations> {
  return fc
    .tuple(
      arbitraryObservations(8),
      fc.array(fc.tuple(fc.constantFrom(...factors), fc.constantFrom(...factors)), {
        minLength: 8,
        maxLength: 8,
      }),
      fc.array(fc.constantFrom(undefined, 0, 1e-9, 0.5, 1 - 1e-9, 1), { minLength: 8, maxLength: 8 }),
      fc.constantFrom(undefined, 'random' as const, 'sticky' as const, 'selected' as const),
    )
    .map(([observations, scales, weights, routing]): Observations => ({
      ...observations,
      ...(routing === undefined ? {} : { routing }),
      looks: observations.looks.map(({ startMs, endMs, canary, stable }, index) => {
        const [canaryFactor, stableFactor] = scales[index] ?? [1, 1];
        const weight = weights[index];
        return {
          startMs,
          endMs,
          ...(weight === undefined ? {} : { weight }),
          ...(canary === undefined ? {} : { canary: scaledArm(canary, canaryFactor) }),
          ...(stable === undefined ? {} : { stable: scaledArm(stable, stableFactor) }),
        };
      }),
    }));
}

/** An arm with all of its counts so many times as large. */
export function scaledArm(arm: ArmCounts, factor: number): ArmCounts {
  const { latency } = arm;
  const times = (counts: readonly number[]) => counts.map((count) => count * factor);
  return {
    requests: arm.requests * factor,
    errors: arm.errors * factor,
    ...(latency === undefined ? {} : { latency: { ...latency, counts: times(latency.counts) } }),
    predictions: new Map(
      [...arm.predictions].map(([name, counts]): [string, PredictionCounts] => [
        name,
        { ...counts, counts: times(counts.counts) },
      ]),
    ),
    outcomes: new Map(
      [...arm.outcomes].map(([name, { count, sum, sumOfSquares }]) => [
        name,
        { count: count * factor, sum: sum * factor, sumOfSquares: sumOfSquares * factor },
      ]),
    ),
  };
}

/** Both arms of all looks so many times as large; the looks before the canary stay. */
export function scaledObservations(observations: Observations, factor: number): Observations {
  return {
    ...observations,
    looks: observations.looks.map((look) => ({
      ...look,
      ...(look.canary === undefined ? {} : { canary: scaledArm(look.canary, factor) }),
      ...(look.stable === undefined ? {} : { stable: scaledArm(look.stable, factor) }),
    })),
  };
}
