import { ratioLogLikelihoodRatio } from '../../../../src/statistics/rate-ratio.js';
import { digits, step, type Step } from '../step.js';

/** Events of both versions in looks 3 and 4. */
export interface JudgedEvents {
  readonly canary: number;
  readonly stable: number;
  readonly canaryTrials: number;
  readonly stableTrials: number;
}

/** The rows of the estimate: two shares and their ratio, since all looks are split alike. */
export function ratioSteps(events: JudgedEvents): readonly Step[] {
  const { canary, stable, canaryTrials, stableTrials } = events;
  const ratio = canary / canaryTrials / (stable / stableTrials);
  return [
    step('canary, looks 3 and 4', `${canary} / ${canaryTrials}`, canary / canaryTrials, 'percent'),
    step('stable', `${stable} / ${stableTrials}`, stable / stableTrials, 'percent'),
    step('ratio', `(${canary} / ${canaryTrials}) / (${stable} / ${stableTrials})`, ratio),
  ];
}

/** The row of a bet that the canary has the event `factor` times as often, against `nullFactor` times. */
export function ratioBetStep(events: JudgedEvents, factor: number, nullFactor: number): Step {
  const share = events.canaryTrials / (events.canaryTrials + events.stableTrials);
  const both = events.canary + events.stable;
  const odds = Math.exp(
    ratioLogLikelihoodRatio(
      {
        canaryTrials: events.canaryTrials,
        canaryEvents: events.canary,
        stableTrials: events.stableTrials,
        stableEvents: events.stable,
      },
      factor,
      nullFactor,
    ),
  );
  const rise = (times: number) => `1 + ${digits(share)} × (${digits(times)} - 1)`;
  return step(
    `bet on ${digits(factor)} times`,
    `(${digits(factor)} / ${digits(nullFactor)})^${events.canary} / ((${rise(factor)}) / (${rise(nullFactor)}))^${both}`,
    odds,
  );
}
