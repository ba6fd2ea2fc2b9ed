import { observationsFile, type FileArm } from '../example-file.js';
import { digits, step, type Step } from '../step.js';
import { binomialEvidence } from '../../../../src/statistics/binomial-evidence.js';
import { detailOf, estimateOf, oddsOf, sumOf, type Example } from './example.js';
import { betStep, gateStep, meanOf, neededStep, startOf } from './tail-steps.js';

const bets = [0.01, 0.015, 0.025, 0.05, 0.15, 0.5];
const promoteBelow = 0.005;
const errors = [2, 3, 6, 7] as const;
const [, , third, fourth] = errors;
const requests = 200;

const arm = (count: number, failed: number): FileArm => ({ requests: count, errors: failed });

/** A canary that fails one request in thirty: the rollback evidence of an error rate, with its unknown start. */
export const errorRateFailing: Example = {
  name: 'error-rate-failing',
  guardrail: 'error-rate',
  file: observationsFile(
    'fraud-detector',
    errors.map((failed) => ({ weight: 0.1, canary: arm(requests, failed), stable: arm(1800, 5) })),
  ),
  steps: (verdict) => {
    const events = sumOf([third, fourth]);
    const rows: readonly Step[] = bets.map((bet) => betStep(events, 2 * requests, promoteBelow, bet));
    const window = sumOf(rows.map(({ value }) => value)) / bets.length;
    const lastLook = Math.exp(binomialEvidence(fourth, requests, promoteBelow, bets));
    return [
      step(
        'errors of looks 3 and 4',
        `(${third} + ${fourth}) / (${requests} + ${requests})`,
        estimateOf(verdict),
        'percent',
      ),
      gateStep(0.01, 2 * requests),
      ...rows,
      step('mean of the bets, looks 3 and 4', meanOf(rows), window),
      { what: 'the same for look 4 alone', value: lastLook, unit: 'number' },
      step(
        'e-value over all starts',
        `${digits(startOf.together)} × ${digits(window)} + ${digits(startOf.lastLook)} × ${digits(lastLook)} + ${digits(startOf.later)}`,
        oddsOf(verdict, 'rollback'),
        'odds',
      ),
      neededStep(4),
      {
        what: 'without the worst look (4)',
        value: Math.exp(detailOf(verdict, 'evidenceWithoutWorstLook')),
        unit: 'odds',
      },
    ];
  },
};
