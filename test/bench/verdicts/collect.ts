import type { Job, JobResult } from './job.js';
import { addJourneyTallies, noJourneys, type JourneyTally } from './journey-tally.js';
import { journeyCells, plannedJourneys, plannedRuns, type JourneyCell } from './plan.js';
import { journeyResult, scenarioResult, type JourneyResult, type ScenarioResult } from './results.js';
import type { Scenario } from './scenario.js';
import { addTallies, noRuns, type Tally } from './tally.js';

/** What is to be run. */
export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly rates: readonly number[];
  /** The same number of runs everywhere, instead of the planned one. */
  readonly runs: number | undefined;
  readonly full: boolean;
  readonly journeys: boolean;
}

/** Runs that a worker does in one go: a second or two, so that both end at about the same time. */
const runsPerJob = 10;

/** All jobs, those of the journeys last. */
export function jobsOf(plan: Plan): readonly Job[] {
  const { scenarios, rates, runs, full, journeys } = plan;
  const ofScenarios = scenarios.flatMap((scenario) =>
    rates.flatMap((rate) =>
      inParts(runs ?? plannedRuns(scenario, rate, full)).map((part): Job => ({
        kind: 'scenario',
        scenario: scenario.name,
        rate,
        ...part,
      })),
    ),
  );
  const ofJourneys = (journeys ? journeyCells(rates) : []).flatMap((cell) =>
    inParts(runs ?? plannedJourneys(cell.rate, full)).map((part): Job => ({
      kind: 'journey',
      ...cell,
      ...part,
    })),
  );
  return [...ofScenarios, ...ofJourneys];
}

function inParts(runs: number): readonly { readonly from: number; readonly count: number }[] {
  return Array.from({ length: Math.ceil(runs / runsPerJob) }, (_, index) => ({
    from: index * runsPerJob,
    count: Math.min(runsPerJob, runs - index * runsPerJob),
  }));
}

/** Adds up what the jobs found, whatever order they end in. */
export class Collection {
  readonly #scenarios = new Map<string, Tally>();
  readonly #judges = new Map<string, readonly string[]>();
  readonly #journeys = new Map<string, JourneyTally>();

  add(job: Job, result: JobResult): void {
    if (job.kind === 'journey' && result.kind === 'journey') {
      const key = journeyKey(job);
      this.#journeys.set(key, addJourneyTallies(this.#journeys.get(key) ?? noJourneys, result.tally));
    }
    if (job.kind !== 'scenario' || result.kind !== 'scenario') return;
    this.#judges.set(
      job.scenario,
      result.tallies.map(([judge]) => judge),
    );
    for (const [judge, tally] of result.tallies) {
      const key = scenarioKey(job.scenario, job.rate, judge);
      this.#scenarios.set(key, addTallies(this.#scenarios.get(key) ?? noRuns, tally));
    }
  }

  /** The figures in the order of the plan. */
  scenarioResults(plan: Plan): readonly ScenarioResult[] {
    return plan.scenarios.flatMap(({ name }) =>
      plan.rates.flatMap((rate) =>
        (this.#judges.get(name) ?? []).map((judge) =>
          scenarioResult(name, rate, judge, this.#scenarios.get(scenarioKey(name, rate, judge)) ?? noRuns),
        ),
      ),
    );
  }

  journeyResults(plan: Plan): readonly JourneyResult[] {
    if (!plan.journeys) return [];
    return journeyCells(plan.rates).map((cell) =>
      journeyResult(cell, this.#journeys.get(journeyKey(cell)) ?? noJourneys),
    );
  }
}

function scenarioKey(scenario: string, rate: number, judge: string): string {
  return [scenario, rate, judge].join('/');
}

function journeyKey({ scenario, plan, judge, rate }: JourneyCell): string {
  return [scenario, plan, judge, rate].join('/');
}
