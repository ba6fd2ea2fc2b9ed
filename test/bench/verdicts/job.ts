import { judgeNamed } from './judges/index.js';
import { journeyPlans, journeyScenarios } from './journey.js';
import { addJourneyTallies, journeyTallyOf, noJourneys, type JourneyTally } from './journey-tally.js';
import type { JudgesOf } from './judge-selection.js';
import type { JourneyCell } from './plan.js';
import { runJourney } from './run-journey.js';
import { runScenario } from './run-scenario.js';
import { scenarioNamed } from './scenarios.js';
import { addTallies, noRuns, tallyOf, type Tally } from './tally.js';

/** Runs of one scenario or journey that one worker does in one go: those from `from` on, `count` of them. */
export type Job = ScenarioJob | JourneyJob;

export interface ScenarioJob {
  readonly kind: 'scenario';
  readonly scenario: string;
  readonly rate: number;
  readonly from: number;
  readonly count: number;
}

export interface JourneyJob extends JourneyCell {
  readonly kind: 'journey';
  readonly from: number;
  readonly count: number;
}

/** What a job found; plain data, since it travels between processes. */
export type JobResult =
  | { readonly kind: 'scenario'; readonly tallies: readonly (readonly [judge: string, tally: Tally])[] }
  | { readonly kind: 'journey'; readonly tally: JourneyTally };

export function runJob(job: Job, judgesOf: JudgesOf): JobResult {
  return job.kind === 'scenario'
    ? { kind: 'scenario', tallies: scenarioTallies(job, judgesOf) }
    : { kind: 'journey', tally: journeyTally(job) };
}

function runsOf({ from, count }: Job): readonly number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

function scenarioTallies(job: ScenarioJob, judgesOf: JudgesOf): readonly (readonly [string, Tally])[] {
  const scenario = scenarioNamed(job.scenario);
  const judges = judgesOf(scenario);
  const tallies = new Map(judges.map(({ name }) => [name, noRuns]));
  for (const run of runsOf(job)) {
    for (const [judge, outcome] of runScenario(scenario, job.rate, run, judges)) {
      tallies.set(judge, addTallies(tallies.get(judge) ?? noRuns, tallyOf(outcome)));
    }
  }
  return [...tallies];
}

function journeyTally(job: JourneyJob): JourneyTally {
  const scenario = journeyScenarios.find(({ name }) => name === job.scenario);
  const plan = journeyPlans.find(({ name }) => name === job.plan);
  if (scenario === undefined || plan === undefined) {
    throw new RangeError(`expected a journey and its plan, got "${job.scenario}" and "${job.plan}"`);
  }
  const judge = judgeNamed(job.judge);
  return runsOf(job)
    .map((run) => journeyTallyOf(runJourney(scenario, job.rate, run, plan, judge)))
    .reduce(addJourneyTallies, noJourneys);
}
