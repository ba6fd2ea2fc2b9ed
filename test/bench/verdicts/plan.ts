import { journeyPlans, journeyScenarios } from './journey.js';
import type { Scenario } from './scenario.js';

/** Requests per second of both versions together. */
export const rates: readonly number[] = [10, 50, 500];

/** The rate that the targets are set for. */
export const targetRate = 50;

/** Scenarios for which a target is set: more runs, so that the intervals are narrow enough to show it. */
const withTarget: readonly string[] = [
  'healthy',
  'healthy-without-proxy',
  'errors-2',
  'errors-50',
  'p99-700',
  'psi-025',
  'proxy-10',
  'shared-incident',
  'shared-drift',
];

const timesIfFull = 10;

/** How many runs a cell gets: as many as fit into ten minutes on two cores, or ten times that. */
export function plannedRuns(scenario: Scenario, rate: number, full: boolean): number {
  const isTarget = withTarget.includes(scenario.name);
  const runs = rate === targetRate ? (isTarget ? 400 : 150) : isTarget ? 150 : 75;
  return full ? timesIfFull * runs : runs;
}

/** One row of the journeys: who judges which canary's way through which steps. */
export interface JourneyCell {
  readonly scenario: string;
  readonly plan: string;
  readonly judge: string;
  readonly rate: number;
}

/** The other judges are taken through the shipped steps only. */
const othersOfJourneys: readonly string[] = [
  'threshold',
  'one-minute',
  'five-strikes',
  'mann-whitney-critical',
];

export function journeyCells(chosenRates: readonly number[]): readonly JourneyCell[] {
  const ways = [
    ...journeyPlans.map(({ name }) => ({ plan: name, judge: 'evidence' })),
    ...othersOfJourneys.map((judge) => ({ plan: 'steps', judge })),
  ];
  return journeyScenarios.flatMap(({ name }) =>
    chosenRates.flatMap((rate) => ways.map((way) => ({ scenario: name, rate, ...way }))),
  );
}

export function plannedJourneys(rate: number, full: boolean): number {
  const runs = rate === targetRate ? 150 : 60;
  return full ? timesIfFull * runs : runs;
}
