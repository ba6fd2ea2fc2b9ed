import {
  populationStabilityIndex,
  smoothedShares,
} from '../../../../src/statistics/population-stability-index.js';
import { observationsFile, type FileArm } from '../example-file.js';
import { digits, given, step } from '../step.js';
import { estimateOf, oddsOf, sumOf, type Example } from './example.js';
import { ratioBetStep, ratioSteps, type JudgedEvents } from './ratio-steps.js';
import { neededStep, startOf } from './tail-steps.js';

const edges = [0.2, 0.8];
const looks = [
  [700, 288, 12],
  [698, 290, 12],
  [701, 286, 13],
  [700, 287, 13],
];

const stableLook = [6300, 2655, 45];

const arm = (counts: number[]): FileArm => ({
  requests: sumOf(counts),
  errors: 0,
  predictions: { edges, counts },
});

const judged: JudgedEvents = { canary: 26, stable: 90, canaryTrials: 2000, stableTrials: 18000 };

/** Twice and a half as many alarms, which a PSI hardly notices. */
export const decisionRateExample: Example = {
  name: 'decision-rate',
  guardrail: 'decision-rate',
  policy: 'relative',
  file: observationsFile(
    'fraud-detector',
    looks.map((counts) => ({ weight: 0.1, canary: arm(counts), stable: arm(stableLook) })),
  ),
  steps: (verdict) => {
    const canary = [1401, 573, 26];
    const stable = stableLook.map((count) => 2 * count);
    const [above, below] = [ratioBetStep(judged, 2.25, 1.2), ratioBetStep(judged, 0.5, 0.8)];
    return [
      given(
        'PSI of the two histograms',
        populationStabilityIndex(smoothedShares(canary), smoothedShares(stable)),
      ),
      ...ratioSteps(judged),
      step(
        'change',
        `${digits(judged.canary / judged.canaryTrials / 0.005)} - 1`,
        estimateOf(verdict),
        'change',
      ),
      { ...above, what: 'best of ten bets: on 2.25 times, against 1.2 times' },
      { ...below, what: 'a bet on the other side: on 0.5 times, against 0.8 times' },
      step(
        'e-value is at least',
        `${digits(startOf.together)} × ${digits(above.value)} / 10`,
        (startOf.together * above.value) / 10,
        'odds',
      ),
      given('e-value with all bets and starts', oddsOf(verdict, 'rollback'), 'odds'),
      neededStep(3),
    ];
  },
};
