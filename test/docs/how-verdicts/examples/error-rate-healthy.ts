import { observationsFile, type FileArm } from '../example-file.js';
import { given, step, type Step } from '../step.js';
import { estimateOf, oddsOf, type Example } from './example.js';
import { betStep, meanOf } from './tail-steps.js';

const bets = [0.005, 0.003, 0.0015, 0.00025];
const rollbackAbove = 0.01;

const arm = (requests: number, errors: number): FileArm => ({ requests, errors });

/** A canary without an error: the promote evidence of an error rate. */
export const errorRateHealthy: Example = {
  name: 'error-rate-healthy',
  guardrail: 'error-rate',
  file: observationsFile(
    'fraud-detector',
    Array.from({ length: 4 }, () => ({ weight: 0.1, canary: arm(200, 0), stable: arm(1800, 5) })),
  ),
  steps: (verdict) => {
    const rows: readonly Step[] = bets.map((bet) => betStep(0, 400, rollbackAbove, bet));
    return [
      step('errors of looks 3 and 4', '(0 + 0) / (200 + 200)', estimateOf(verdict), 'percent'),
      ...rows,
      step('e-value: the mean of the bets', meanOf(rows), oddsOf(verdict, 'promote'), 'odds'),
      step('needed', '1 / (1 - 0.95)', Math.exp(verdict.evidence.promoteNeeded), 'odds'),
      given('upper end of the interval that is shown', verdict.interval?.[1] ?? NaN, 'percent'),
    ];
  },
};
