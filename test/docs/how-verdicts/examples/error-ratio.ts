import { observationsFile, type FileArm } from '../example-file.js';
import { digits, given, step } from '../step.js';
import { oddsOf, type Example } from './example.js';
import { ratioBetStep, ratioSteps, type JudgedEvents } from './ratio-steps.js';
import { meanOf, neededStep, startOf } from './tail-steps.js';

const errors = [3, 4, 4, 4];
const arm = (requests: number, failed: number): FileArm => ({ requests, errors: failed });
const judged: JudgedEvents = { canary: 8, stable: 6, canaryTrials: 2000, stableTrials: 18000 };

/** Errors below the absolute limit, and far above the stable version's. */
export const errorRatioExample: Example = {
  name: 'error-ratio',
  guardrail: 'error-ratio',
  policy: 'relative',
  file: observationsFile(
    'fraud-detector',
    errors.map((failed) => ({ weight: 0.1, canary: arm(1000, failed), stable: arm(9000, 3) })),
  ),
  steps: (verdict) => {
    const bets = [2, 3, 5, 10, 30].map((factor) => ratioBetStep(judged, factor, 1.25));
    return [
      ...ratioSteps(judged),
      step(
        "of 14 errors the canary's, if the versions are equal",
        '14 × 2000 / (2000 + 18000)',
        (14 * 2000) / 20000,
      ),
      ...bets,
      step(
        'e-value is at least',
        `${digits(startOf.together)} × ${meanOf(bets)}`,
        (startOf.together * bets.reduce((total, { value }) => total + value, 0)) / bets.length,
        'odds',
      ),
      given('e-value with all starts', oddsOf(verdict, 'rollback'), 'odds'),
      neededStep(3),
    ];
  },
};
