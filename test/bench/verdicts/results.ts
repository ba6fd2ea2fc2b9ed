import { figuresOf, type Figures } from './figures.js';
import { journeyFiguresOf, type JourneyFigures, type JourneyTally } from './journey-tally.js';
import { journeyScenarios } from './journey.js';
import type { CheckSample } from './check-sample.js';
import { targetRate, type JourneyCell } from './plan.js';
import { scenarioNamed } from './scenarios.js';
import type { Tally } from './tally.js';

/** One scenario at one rate under one judge. */
export interface ScenarioResult extends Figures {
  readonly scenario: string;
  readonly rate: number;
  readonly judge: string;
  /** Runs whose first verdict is promote, by minute since the onset; only where the document draws them. */
  readonly promotedAt?: readonly number[];
  /** The same for rollback. */
  readonly rolledBackAt?: readonly number[];
}

export interface JourneyResult extends JourneyCell, JourneyFigures {}

/** The file that the document is made from: docs/verdict-quality.json. */
export interface VerdictQuality {
  readonly schema: 'ml-verdict/verdict-quality/v1';
  readonly scenarios: readonly ScenarioResult[];
  readonly journeys: readonly JourneyResult[];
  /** Some runs with what each judge said: a test runs them again. */
  readonly check: CheckSample;
}

/** Scenarios of which the document shows verdicts over time, at the rate that the targets are set for. */
export const drawnOverTime: readonly string[] = [
  'healthy-without-proxy',
  'errors-2',
  'psi-025',
  'grey-zone-without-proxy',
];

export function scenarioResult(name: string, rate: number, judge: string, tally: Tally): ScenarioResult {
  const figures = figuresOf(tally, scenarioNamed(name).right);
  const { promotedAt, rolledBackAt } = tally;
  return {
    scenario: name,
    rate,
    judge,
    ...figures,
    ...(rate === targetRate && drawnOverTime.includes(name) ? { promotedAt, rolledBackAt } : {}),
  };
}

export function journeyResult(cell: JourneyCell, tally: JourneyTally): JourneyResult {
  const right = journeyScenarios.find(({ name }) => name === cell.scenario)?.right ?? 'promote';
  const { scenario, plan, judge, rate } = cell;
  return { scenario, plan, judge, rate, ...journeyFiguresOf(tally, right) };
}
