import type { PlannedTraffic } from '../../src/judge/plan/planning.js';

/** Traffic of a plan: 50 requests a second, 5 % of them to the canary, yes/no outcomes of 60 %. */
export function trafficOf(given: Partial<PlannedTraffic> = {}): PlannedTraffic {
  return {
    requestsPerSecond: 50,
    weight: 0.05,
    latencyBoundsMs: [50, 100, 200, 500, 1000],
    outcomesPerRequest: 1,
    outcomeMean: 0.6,
    outcomeDeviation: null,
    decisionRate: 0.1,
    routing: 'random',
    ...given,
  };
}

/** Qualities that are assumed in place of the default ones. */
export function qualitiesOf(
  healthy: Readonly<Record<string, number>> = {},
  faulty: Readonly<Record<string, number>> = {},
) {
  return { healthy: new Map(Object.entries(healthy)), faulty: new Map(Object.entries(faulty)) };
}
