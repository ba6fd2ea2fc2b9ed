import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmCounts, BeforeLook, Look, Observations } from '../../../src/domain/observations.js';
import { latencyBoundsMs } from '../../../src/sources/ledger/latency-grid.js';

/** What is timed: 50 requests a second, 5 % of them to a healthy canary. */

/** How finely request times and scores are counted. */
export interface HistogramShape {
  readonly boundsMs: readonly number[];
  readonly edges: readonly number[];
}

/** As the ledger counts. */
export const ledgerShape: HistogramShape = {
  boundsMs: latencyBoundsMs,
  edges: Array.from({ length: 100 }, (_, edge) => edge / 100),
};

/** As counters of ten buckets or so are. */
export const coarseShape: HistogramShape = {
  boundsMs: [50, 100, 200, 500, 1000],
  edges: Array.from({ length: 9 }, (_, edge) => (edge + 1) / 10),
};

const startMs = Date.UTC(2026, 0, 5);
const minuteMs = 60_000;
const requestsPerLook = 3000;
const weight = 0.05;

function normalised(shares: readonly number[]): readonly number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return [...shares.map((share) => share / total), 0];
}

/** A rollout of so many minutes with 30 looks before it; the same every time. */
export function timedObservations(looks: number, { boundsMs, edges }: HistogramShape): Observations {
  const latencyShares = normalised(boundsMs.map((bound) => Math.exp(-0.8 * Math.log(bound / 20) ** 2)));
  const scoreShares = normalised(edges.map((edge) => Math.exp(-4 * edge) + 0.05));
  const random = xoroshiro128plus(50);
  // Expected counts, rounded up or down by chance: the judge's work does not hang on their exact spread.
  const draw = (expected: number) => Math.floor(expected + uniformFloat64(random));
  const arm = (requests: number): ArmCounts => {
    const accepted = draw(requests * 0.6);
    const counts = (shares: readonly number[]) => shares.map((share) => draw(share * requests));
    return {
      requests,
      errors: draw(requests * 0.003),
      latency: { boundsMs, counts: counts(latencyShares) },
      predictions: new Map([['default', { kind: 'scores', edges, counts: counts(scoreShares) }]]),
      outcomes: new Map([['default', { count: requests, sum: accepted, sumOfSquares: accepted }]]),
    };
  };
  const span = (minute: number) => ({
    startMs: startMs + minute * minuteMs,
    endMs: startMs + (minute + 1) * minuteMs,
  });
  return {
    model: 'fraud-detector',
    canary: { version: 'v2', weight },
    stable: { version: 'v1' },
    before: Array.from({ length: 30 }, (_, index): BeforeLook => ({
      ...span(index - 30),
      stable: arm(requestsPerLook),
    })),
    looks: Array.from({ length: looks }, (_, index): Look => ({
      ...span(index),
      weight,
      canary: arm(requestsPerLook * weight),
      stable: arm(requestsPerLook * (1 - weight)),
    })),
  };
}

/** The same observations in new objects, as a source would read them again: nothing is remembered of them. */
export function readAgain(observations: Observations): Observations {
  return {
    ...observations,
    before: observations.before.map((look) => ({ ...look, stable: armAgain(look.stable) })),
    looks: observations.looks.map((look) => ({
      ...look,
      ...(look.canary === undefined ? {} : { canary: armAgain(look.canary) }),
      ...(look.stable === undefined ? {} : { stable: armAgain(look.stable) }),
    })),
  };
}

function armAgain(arm: ArmCounts): ArmCounts {
  return {
    ...arm,
    ...(arm.latency === undefined ? {} : { latency: { ...arm.latency } }),
    predictions: new Map([...arm.predictions].map(([name, counts]) => [name, { ...counts }])),
    outcomes: new Map([...arm.outcomes].map(([name, totals]) => [name, { ...totals }])),
  };
}
