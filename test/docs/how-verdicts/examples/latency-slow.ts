import { countAbove } from '../../../../src/statistics/bucket-quantile.js';
import { addInto } from '../../../../src/statistics/sums.js';
import { observationsFile, type FileArm } from '../example-file.js';
import { digits, given, step } from '../step.js';
import { estimateOf, evidenceOf, sumOf, type Example } from './example.js';
import { gateStep, logBetStep, startOf } from './tail-steps.js';

const boundsMs = [100, 200, 500, 1000];
const looks = [
  [150, 36, 7, 7, 0],
  [150, 36, 7, 7, 0],
  [151, 37, 6, 6, 0],
  [151, 34, 7, 8, 0],
];
const alternatives = [0.015, 0.025, 0.05, 0.1, 0.25, 0.6];

const arm = (counts: number[]): FileArm => ({
  requests: sumOf(counts),
  errors: 0,
  latency: { boundsMs, counts },
});

/** A canary whose slowest requests are too slow: a quantile judged by the counts above two bounds. */
export const latencySlow: Example = {
  name: 'latency-slow',
  guardrail: 'latency-p99',
  file: observationsFile(
    'fraud-detector',
    looks.map((counts) => ({ weight: 0.1, canary: arm(counts), stable: arm([1500, 288, 11, 1, 0]) })),
  ),
  steps: (verdict) => {
    const counts: number[] = [];
    for (const look of looks.slice(2)) addInto(counts, look);
    const [, , between = 0, slowest = 0] = counts;
    const total = sumOf(counts);
    const slow = between + slowest;
    const bets = alternatives.map((bet) => logBetStep(slow, total, 0.01, bet));
    const best = bets.reduce((one, other) => (other.value > one.value ? other : one));
    return [
      step('rank of the p99 in looks 3 and 4', `0.99 × ${total}`, 0.99 * total),
      step(
        `p99, in the bucket from 500 to 1000 ms`,
        `500 × (1000 / 500)^((${digits(0.99 * total)} - ${total - slowest}) / ${slowest})`,
        estimateOf(verdict),
        'milliseconds',
      ),
      step(
        'share slower than 500 ms',
        `${slowest} / ${total}`,
        countAbove(boundsMs, counts, 500, 'exponential') / total,
        'percent',
      ),
      gateStep(0.01, total),
      step('share slower than 200 ms', `(${between} + ${slowest}) / ${total}`, slow / total, 'percent'),
      { ...best, what: `best of six bets: ${best.what}` },
      step(
        'evidence is at least',
        `${digits(best.value)} + ln(${digits(startOf.together)} / 6)`,
        best.value + Math.log(startOf.together / 6),
      ),
      given('evidence with all bets and starts', evidenceOf(verdict, 'rollback')),
      step('needed', 'ln(4 / 0.05)', verdict.evidence.rollbackNeeded),
    ];
  },
};
