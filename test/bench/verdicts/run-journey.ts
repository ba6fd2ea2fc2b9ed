import { Draw } from '../../support/simulation/draw.js';
import { LookView, MinuteSeries, type StreamJudge } from './judges/index.js';
import { journeyLooks, type JourneyPlan, type JourneyScenario } from './journey.js';
import { Simulation } from './simulation.js';

/** How one rollout ended. */
export interface JourneyOutcome {
  readonly end: 'promoted' | 'rolled-back' | 'undecided';
  readonly minutes: number;
  /** The step it ended in, from 0. */
  readonly step: number;
}

/** Takes a canary through the steps: a promote goes on to the next, a rollback ends it. */
export function runJourney(
  scenario: JourneyScenario,
  requestsPerSecond: number,
  run: number,
  plan: JourneyPlan,
  judge: StreamJudge,
): JourneyOutcome {
  const simulation = new Simulation({
    world: scenario.begin(),
    requestsPerSecond,
    draw: new Draw(`journey/${scenario.name}/${requestsPerSecond}/${run}`),
  });
  const session = judge.begin();
  const series = new MinuteSeries();
  const { steps } = plan;
  let minutes = 0;
  for (const [step, { weight, policy }] of steps.entries()) {
    let verdict: ReturnType<typeof session> = 'hold';
    while (verdict === 'hold') {
      if (minutes === journeyLooks) return { end: 'undecided', minutes, step };
      minutes += 1;
      verdict = session(new LookView(simulation.next(weight), policy, series, step));
    }
    if (verdict === 'rollback') return { end: 'rolled-back', minutes, step };
  }
  return { end: 'promoted', minutes, step: steps.length - 1 };
}
