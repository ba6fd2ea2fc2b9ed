import type { Policy } from '../../../src/domain/policy.js';
import type { Observations } from '../../../src/domain/observations.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { defaultPolicy } from '../../../src/judge/index.js';
import { Draw } from '../../support/simulation/draw.js';
import { LookView, MinuteSeries, type StreamJudge } from './judges/index.js';
import type { Scenario } from './scenario.js';
import { Simulation } from './simulation.js';

/** What became of one canary under one judge. */
export interface Outcome {
  /** The first decisive verdict since the onset; null where there is none. A rollback before the onset comes first. */
  readonly first: 'promote' | 'rollback' | null;
  /** When that was, in looks since the onset: 1 is the onset's own look, 0 and less lie before it. */
  readonly minute: number | null;
  /** Whether any look, also one after a promote, said rollback. */
  readonly rolledBack: boolean;
  /** Whether a look before the onset said promote. */
  readonly promotedBeforeOnset: boolean;
}

const policy = defaultPolicy();

/** The name of a run's draws: scenarios that share their streams have the same. */
export function drawName(scenario: Scenario, requestsPerSecond: number, run: number): string {
  return `${scenario.drawsOf ?? scenario.name}/${requestsPerSecond}/${run}`;
}

/** The looks of one run, as they come; the same every time. */
export function* stream(
  scenario: Scenario,
  requestsPerSecond: number,
  run: number,
): Generator<Observations, void> {
  const draw = new Draw(drawName(scenario, requestsPerSecond, run));
  const { routing } = scenario;
  const simulation = new Simulation({
    world: scenario.begin(draw),
    requestsPerSecond,
    draw,
    ...(routing === undefined ? {} : { routing }),
  });
  for (let look = 1; look <= scenario.looks; look++) yield simulation.next(scenario.weightAt(look));
}

/** What each judge says of one run; a judge is asked no more once it has rolled back. */
export function runScenario(
  scenario: Scenario,
  requestsPerSecond: number,
  run: number,
  judges: readonly StreamJudge[],
  inForce: Policy = policy,
): ReadonlyMap<string, Outcome> {
  const undecided: Outcome = { first: null, minute: null, rolledBack: false, promotedBeforeOnset: false };
  const outcomes = new Map(judges.map(({ name }) => [name, undecided]));
  let asked = judges.map(({ name, begin }) => ({ name, session: begin() }));
  const series = new MinuteSeries();
  let minute = 1 - scenario.onset;
  for (const observations of stream(scenario, requestsPerSecond, run)) {
    minute += 1;
    const view = new LookView(observations, inForce, series);
    asked = asked.filter(({ name, session }) => {
      const verdict = session(view);
      const before = outcomes.get(name) ?? undecided;
      outcomes.set(name, outcomeAfter(before, verdict, minute, scenario.earlierPromotes));
      return verdict !== 'rollback';
    });
    if (asked.length === 0) break;
  }
  return outcomes;
}

function outcomeAfter(
  before: Outcome,
  verdict: Verdict,
  minute: number,
  earlierPromotes: Scenario['earlierPromotes'],
): Outcome {
  if (verdict === 'hold') return before;
  if (verdict === 'rollback') {
    return { ...before, ...(before.first === null ? { first: verdict, minute } : {}), rolledBack: true };
  }
  if (minute < 1) return { ...before, promotedBeforeOnset: true };
  const isNews = earlierPromotes === 'first-step' || !before.promotedBeforeOnset;
  return before.first === null && isNews ? { ...before, first: verdict, minute } : before;
}
