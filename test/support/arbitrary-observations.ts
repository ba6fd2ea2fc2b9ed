import fc from 'fast-check';
import type {
  ArmCounts,
  Look,
  Observations,
  OutcomeTotals,
  PredictionCounts,
} from '../../src/domain/observations.js';

import { minuteMs, minuteSpan, startMs } from './simulation/minute-span.js';

/** Random observations that a reader must accept: what properties of the judge and the file format run on. */

const boundsMs = [50, 100, 200, 500, 1000];
const edges = [0.1, 0.2, 0.5, 0.8];

const histogram = (entries: number, most: number) =>
  fc.array(fc.oneof(fc.nat(most), fc.constant(0)), { minLength: entries, maxLength: entries });

/** Totals of outcomes that exist: yes/no ones, amounts, or none yet. */
const outcome: fc.Arbitrary<OutcomeTotals> = fc.oneof(
  fc
    .tuple(fc.nat(300), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([count, rate]) => ({ count, sum: Math.floor(count * rate) }))
    .map(({ count, sum }) => ({ count, sum, sumOfSquares: sum })),
  fc
    .tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: -50, max: 50 }), fc.nat(50))
    .map(([count, mean, spread]) => ({
      count,
      sum: count * mean,
      sumOfSquares: count * (mean * mean + spread * spread),
    })),
  fc.constant({ count: 0, sum: 0, sumOfSquares: 0 }),
);

const scores: fc.Arbitrary<PredictionCounts> = histogram(edges.length + 1, 60).map((counts) => ({
  kind: 'scores' as const,
  edges,
  counts,
}));
const labels: fc.Arbitrary<PredictionCounts> = histogram(3, 60).map((counts) => ({
  kind: 'labels' as const,
  labels: ['cat', 'dog'],
  counts,
}));

interface Shape {
  readonly fraction: boolean;
  readonly named: boolean;
  readonly classes: boolean;
}

function arm(most: number, { fraction, named, classes }: Shape): fc.Arbitrary<ArmCounts> {
  return fc
    .record({
      requests: fc.nat(most),
      failing: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
      latency: fc.option(histogram(boundsMs.length + 1, 80), { nil: undefined }),
      prediction: fc.option(classes ? labels : scores, { nil: undefined }),
      other: fc.option(labels, { nil: undefined }),
      outcome: fc.option(outcome, { nil: undefined }),
      second: fc.option(outcome, { nil: undefined }),
    })
    .map((drawn): ArmCounts => {
      const requests = fraction ? drawn.requests * 1.0137 : drawn.requests;
      const predictions: (readonly [string, PredictionCounts])[] = [
        ...(drawn.prediction === undefined ? [] : [['default', drawn.prediction] as const]),
        ...(named && drawn.other !== undefined ? [['kind', drawn.other] as const] : []),
      ];
      const outcomes: (readonly [string, OutcomeTotals])[] = [
        ...(drawn.outcome === undefined ? [] : [['default', drawn.outcome] as const]),
        ...(named && drawn.second !== undefined ? [['hit-rate', drawn.second] as const] : []),
      ];
      return {
        requests,
        errors: fraction ? requests * drawn.failing : Math.floor(requests * drawn.failing),
        ...(drawn.latency === undefined ? {} : { latency: { boundsMs, counts: drawn.latency } }),
        predictions: new Map(predictions),
        outcomes: new Map(outcomes),
      };
    });
}

/** Observations of up to `longest` looks, with and without a stable version, weights, gaps and looks before. */
export function arbitraryObservations(longest = 12): fc.Arbitrary<Observations> {
  return fc
    .record({
      fraction: fc.boolean(),
      named: fc.boolean(),
      classes: fc.boolean(),
      hasStable: fc.oneof(
        { weight: 4, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
    })
    .chain((shape) =>
      fc
        .record({
          looks: fc.array(
            fc.record({
              gapMinutes: fc.oneof(
                { weight: 6, arbitrary: fc.constant(0) },
                { weight: 1, arbitrary: fc.nat(9) },
              ),
              weight: fc.option(fc.constantFrom(0.05, 0.25, 0.5, 1), { nil: undefined }),
              canary: fc.option(arm(400, shape), { nil: undefined, freq: 8 }),
              stable: fc.option(arm(4000, shape), { nil: undefined, freq: 8 }),
            }),
            { maxLength: longest },
          ),
          before: fc.array(arm(4000, shape), { maxLength: 12 }),
          withWeights: fc.boolean(),
          lateSeconds: fc.option(fc.nat(900), { nil: undefined }),
          restarts: fc.option(fc.nat(3), { nil: undefined }),
          canaryWeight: fc.option(fc.constantFrom(0.1, 0.5), { nil: undefined }),
        })
        .map((drawn): Observations => {
          let clock = startMs;
          const looks = drawn.looks.map((look): Look => {
            const from = clock + look.gapMinutes * minuteMs;
            clock = from + minuteMs;
            return {
              startMs: from,
              endMs: clock,
              ...(drawn.withWeights && look.weight !== undefined ? { weight: look.weight } : {}),
              ...(look.canary === undefined ? {} : { canary: look.canary }),
              ...(shape.hasStable && look.stable !== undefined ? { stable: look.stable } : {}),
            };
          });
          return {
            model: 'fraud-detector',
            canary: {
              version: 'v2',
              ...(drawn.canaryWeight === undefined ? {} : { weight: drawn.canaryWeight }),
            },
            ...(shape.hasStable ? { stable: { version: 'v1' } } : {}),
            looks,
            before: drawn.before.map((stable, index) => ({
              ...minuteSpan(index - drawn.before.length),
              stable,
            })),
            ...(drawn.lateSeconds === undefined ? {} : { asOfMs: clock + drawn.lateSeconds * 1000 }),
            ...(drawn.restarts === undefined ? {} : { restarts: drawn.restarts }),
          };
        }),
    );
}
