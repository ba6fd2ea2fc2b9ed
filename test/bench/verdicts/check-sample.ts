import { judges } from './judges/index.js';
import { journeyPlans, journeyScenarios } from './journey.js';
import { runJourney, type JourneyOutcome } from './run-journey.js';
import { runScenario, type Outcome } from './run-scenario.js';
import { scenarioNamed } from './scenarios.js';
import { evidence } from './judges/evidence.js';

/** One run and what each judge said of it, in words. */
export interface CheckedRun {
  readonly scenario: string;
  readonly rate: number;
  readonly run: number;
  readonly outcomes: Readonly<Record<string, string>>;
}

export interface CheckedJourney {
  readonly scenario: string;
  readonly plan: string;
  readonly rate: number;
  readonly run: number;
  readonly outcome: string;
}

export interface CheckSample {
  readonly scenarios: readonly CheckedRun[];
  readonly journeys: readonly CheckedJourney[];
}

/** Every way of drawing once, and the verdicts that the targets are about; few enough for a test of seconds. */
const sampled: readonly (readonly [scenario: string, rate: number, runs: number])[] = [
  ['healthy', 10, 1],
  ['healthy-without-proxy', 50, 2],
  ['errors-2', 10, 1],
  ['errors-2', 50, 3],
  ['errors-50', 50, 2],
  ['p99-700', 50, 3],
  ['psi-025', 50, 3],
  ['psi-025', 500, 1],
  ['proxy-10', 50, 2],
  ['late-onset', 50, 1],
  ['second-stage', 50, 1],
  ['shared-incident', 50, 1],
  ['shared-every-third', 50, 1],
  ['shared-drift', 50, 1],
  ['moving-psi-025', 500, 1],
  ['bursts-003', 50, 1],
  ['sessions', 50, 1],
  ['sessions-routed-singly', 50, 1],
  ['sticky-users-declared', 50, 1],
];

const sampledJourneys: readonly (readonly [scenario: string, plan: string, rate: number])[] = [
  ['healthy', 'steps', 50],
  ['healthy', 'strict', 500],
  ['errors-2-from-25', 'steps', 50],
  ['proxy-5', 'pass-everywhere', 50],
];

/** Runs the sample. */
export function checkSample(): CheckSample {
  return {
    scenarios: sampled.flatMap(([name, rate, runs]) =>
      Array.from({ length: runs }, (_, run): CheckedRun => {
        const outcomes = runScenario(scenarioNamed(name), rate, run, judges);
        const told = [...outcomes].map(([judge, outcome]) => [judge, tell(outcome)] as const);
        return { scenario: name, rate, run, outcomes: Object.fromEntries(told) };
      }),
    ),
    journeys: sampledJourneys.flatMap(([name, planName, rate]) => {
      const scenario = journeyScenarios.find((one) => one.name === name);
      const plan = journeyPlans.find((one) => one.name === planName);
      if (scenario === undefined || plan === undefined) return [];
      const outcome = tellJourney(runJourney(scenario, rate, 0, plan, evidence));
      return [{ scenario: name, plan: planName, rate, run: 0, outcome }];
    }),
  };
}

/** `promote at 6`, `promote at 6, rollback later`, `rollback at 4`, `undecided`. */
export function tell({ first, minute, rolledBack, promotedBeforeOnset }: Outcome): string {
  const earlier = promotedBeforeOnset ? 'promote before the onset, ' : '';
  if (first === null || minute === null) return `${earlier}undecided`;
  return `${earlier}${first} at ${minute}${first === 'promote' && rolledBack ? ', rollback later' : ''}`;
}

function tellJourney({ end, minutes, step }: JourneyOutcome): string {
  return `${end} after ${minutes} minutes in step ${step + 1}`;
}
