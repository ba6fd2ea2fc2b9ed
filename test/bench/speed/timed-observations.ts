import type { ArmCounts, BeforeLook, Look, Observations } from '../../../src/domain/observations.js';
import { latencyBoundsMs } from '../../../src/sources/ledger/latency-grid.js';
import { armCounts, yesOrNo } from '../../support/simulation/arm-counts.js';
import { Draw } from '../../support/simulation/draw.js';
import { minuteSpan } from '../../support/simulation/minute-span.js';

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

export const requestsPerSecond = 50;
export const canaryWeight = 0.05;
export const beforeLooks = 30;

const requestsPerLook = 60 * requestsPerSecond;

function normalised(shares: readonly number[]): readonly number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return [...shares.map((share) => share / total), 0];
}

/** A rollout of so many minutes with 30 looks before it; the same every time. */
export function timedObservations(looks: number, { boundsMs, edges }: HistogramShape): Observations {
  const latencyShares = normalised(boundsMs.map((bound) => Math.exp(-0.8 * Math.log(bound / 20) ** 2)));
  const scoreShares = normalised(edges.map((edge) => Math.exp(-4 * edge) + 0.05));
  const { uniform } = new Draw('speed');
  // Expected counts, rounded up or down by chance: the judge's work does not hang on their exact spread.
  const draw = (expected: number) => Math.floor(expected + uniform());
  const arm = (requests: number): ArmCounts => {
    const accepted = draw(requests * 0.6);
    const counts = (shares: readonly number[]) => shares.map((share) => draw(share * requests));
    return armCounts({
      requests,
      errors: draw(requests * 0.003),
      latency: { boundsMs, counts: counts(latencyShares) },
      scores: { edges, counts: counts(scoreShares) },
      outcomes: yesOrNo(requests, accepted),
    });
  };
  return {
    model: 'fraud-detector',
    canary: { version: 'v2', weight: canaryWeight },
    stable: { version: 'v1' },
    before: Array.from({ length: beforeLooks }, (_, index): BeforeLook => ({
      ...minuteSpan(index - beforeLooks),
      stable: arm(requestsPerLook),
    })),
    looks: Array.from({ length: looks }, (_, index): Look => ({
      ...minuteSpan(index),
      weight: canaryWeight,
      canary: arm(requestsPerLook * canaryWeight),
      stable: arm(requestsPerLook * (1 - canaryWeight)),
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
