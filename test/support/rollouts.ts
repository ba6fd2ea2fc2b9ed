import { minuteMs, startMs } from './simulation/minute-span.js';
import { armCounts, yesOrNo } from './simulation/arm-counts.js';
import type { ArmCounts, BeforeLook, Look, Observations } from '../../src/domain/observations.js';

/**
 * Rollouts without chance: every look has exactly the counts that its rates expect (fractions are allowed), so that
 * what a test expects can be reckoned by hand.
 */

export { minuteMs, startMs };

/** What an arm does in a look; what is not given is healthy, `undefined` is not measured. */
export interface ArmRates {
  readonly requests?: number;
  readonly errors?: number;
  /** Shares of requests up to 50, 100, 200, 500, 1000 ms and above. */
  readonly latency?: readonly number[] | undefined;
  /** Milliseconds by quantile that the servers told, in place of a histogram. */
  readonly quantiles?: Readonly<Record<string, number>>;
  /** Shares of predictions in four bins. */
  readonly predictions?: readonly number[] | undefined;
  /** Share of requests with the wanted outcome. */
  readonly conversion?: number | undefined;
}

export const boundsMs = [50, 100, 200, 500, 1000];
export const healthyLatency = [0.5, 0.4, 0.099, 0.001, 0, 0];
/** p99 between 500 and 1000 ms. */
export const slowLatency = [0.3, 0.3, 0.2, 0.15, 0.04, 0.01];
export const edges = [0.25, 0.5, 0.75];
export const evenPredictions = [0.25, 0.25, 0.25, 0.25];
/** A PSI of about 0.46 against the even ones. */
export const movedPredictions = [0.1, 0.15, 0.3, 0.45];

export function arm(rates: ArmRates = {}): ArmCounts {
  const { requests = 1000, errors = 0.001 * requests } = rates;
  const { latency, quantiles, predictions, conversion }: ArmRates = {
    ...(rates.quantiles === undefined ? { latency: healthyLatency } : {}),
    predictions: evenPredictions,
    conversion: 0.5,
    ...rates,
  };
  const counts = (shares: readonly number[]) => shares.map((share) => share * requests);
  const told = Object.entries(quantiles ?? {}).map(([quantile, ms]) => [Number(quantile), ms] as const);
  return {
    ...armCounts({
      requests,
      errors,
      latency: latency === undefined ? undefined : { boundsMs, counts: counts(latency) },
      scores: predictions === undefined ? undefined : { edges, counts: counts(predictions) },
      outcomes: conversion === undefined ? undefined : yesOrNo(requests, requests * conversion),
    }),
    ...(quantiles === undefined ? {} : { quantiles: new Map(told) }),
  };
}

/** What one look of a rollout is like; a stable version of `null` has no counts in it. */
export interface LookRates {
  readonly canary?: ArmRates | null;
  readonly stable?: ArmRates | null;
  readonly weight?: number;
  readonly minutes?: number;
}

/** A rollout from the rates of each look; stable has nine times the canary's default traffic. */
export function rollout(
  looks: readonly LookRates[],
  rest: Partial<Omit<Observations, 'looks' | 'before'>> & { readonly before?: readonly ArmRates[] } = {},
): Observations {
  let clock = startMs;
  const { before = [], ...head } = rest;
  const stable = looks.some((look) => look.stable !== null) ? { stable: { version: 'v1' } } : {};
  return {
    model: 'fraud-detector',
    canary: { version: 'v2' },
    ...stable,
    ...head,
    before: before.map((rates, index): BeforeLook => {
      const from = startMs - (before.length - index) * minuteMs;
      return { startMs: from, endMs: from + minuteMs, stable: arm({ requests: 9000, ...rates }) };
    }),
    looks: looks.map((look): Look => {
      const from = clock;
      clock += (look.minutes ?? 1) * minuteMs;
      return {
        startMs: from,
        endMs: clock,
        ...(look.weight === undefined ? {} : { weight: look.weight }),
        ...(look.canary === null ? {} : { canary: arm(look.canary) }),
        ...(look.stable === null ? {} : { stable: arm({ requests: 9000, ...look.stable }) }),
      };
    }),
  };
}

/** The same look several times. */
export function times(count: number, look: LookRates = {}): readonly LookRates[] {
  return Array.from({ length: count }, () => look);
}
