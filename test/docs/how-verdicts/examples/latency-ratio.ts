import { bucketQuantile } from '../../../../src/statistics/bucket-quantile.js';
import { addInto } from '../../../../src/statistics/sums.js';
import { observationsFile, type FileArm } from '../example-file.js';
import { digits, given, step } from '../step.js';
import { detailOf, oddsOf, sumOf, type Example } from './example.js';
import { ratioBetStep, ratioSteps, type JudgedEvents } from './ratio-steps.js';
import { neededStep, startOf } from './tail-steps.js';

const boundsMs = [10, 20, 50, 100, 200];
const looks = [
  [150, 41, 8, 1, 0, 0],
  [150, 40, 9, 1, 0, 0],
  [150, 42, 8, 0, 0, 0],
  [150, 41, 8, 1, 0, 0],
];
const stableLook = [1500, 284, 16, 0, 0, 0];

const p99Of = (counts: readonly number[]): number =>
  bucketQuantile(boundsMs, counts, 0.99, 'exponential')?.value ?? NaN;

const arm = (counts: number[]): FileArm => ({
  requests: sumOf(counts),
  errors: 0,
  latency: { boundsMs, counts },
});

const judged: JudgedEvents = { canary: 17, stable: 32, canaryTrials: 400, stableTrials: 3600 };

/** A p99 far below 200 ms that has more than doubled: slow is what stable's own p99 says. */
export const latencyRatioExample: Example = {
  name: 'latency-ratio',
  guardrail: 'latency-ratio',
  policy: 'relative',
  file: observationsFile(
    'fraud-detector',
    looks.map((counts) => ({ weight: 0.1, canary: arm(counts), stable: arm(stableLook) })),
  ),
  steps: (verdict) => {
    const best = ratioBetStep(judged, 5, 1.25);
    const canary: number[] = [];
    for (const look of looks.slice(2)) addInto(canary, look);
    return [
      given("the canary's p99 in looks 3 and 4", p99Of(canary), 'milliseconds'),
      given("stable's", p99Of(stableLook), 'milliseconds'),
      given("bound nearest to stable's p99", detailOf(verdict, 'boundMs'), 'milliseconds'),
      ...ratioSteps(judged),
      { ...best, what: 'best of five bets: on 5 times' },
      step(
        'e-value is at least',
        `${digits(startOf.together)} × ${digits(best.value)} / 5`,
        (startOf.together * best.value) / 5,
        'odds',
      ),
      given('e-value with all bets and starts', oddsOf(verdict, 'rollback'), 'odds'),
      neededStep(3),
    ];
  },
};
