import { observationsFile, type FileArm } from '../example-file.js';
import { digits, step } from '../step.js';
import { detailOf, estimateOf, oddsOf, type Example } from './example.js';
import { gaussianBetSteps, meanOf, neededStep } from './tail-steps.js';

const accepted = [101, 99, 98, 98] as const;
const [, , third, fourth] = accepted;
const betSizes = [0.02, 0.05, 0.15, 0.5];

const arm = (count: number, sum: number): FileArm => ({
  requests: count,
  errors: 0,
  outcomes: { count, sum, sumOfSquares: sum },
});

/** Fewer answers are accepted: the relative change of a mean, by Fieller's contrast. */
export const proxyFalling: Example = {
  name: 'proxy-falling',
  guardrail: 'business-proxy',
  file: observationsFile(
    'reply-writer',
    accepted.map((sum) => ({ weight: 0.1, canary: arm(200, sum), stable: arm(1800, 1080) })),
  ),
  steps: (verdict) => {
    const canary = detailOf(verdict, 'canaryMean');
    const stable = detailOf(verdict, 'stableMean');
    const [n, m] = [400, 3600];
    const canaryVariance = (canary * (1 - canary) * n) / (n - 1);
    const stableVariance = (stable * (1 - stable) * m) / (m - 1);
    const contrast = (0.99 * stable - canary) / stable;
    const variance =
      (Math.max(canaryVariance, 0.99 ** 2 * stableVariance) / n + (0.99 ** 2 * stableVariance) / m) /
      stable ** 2;
    const bets = gaussianBetSteps(contrast, variance, betSizes);
    const [low = NaN, high = NaN] = verdict.interval ?? [];
    const a = stable ** 2 - (1.96 ** 2 * stableVariance) / m;
    const b = canary * stable;
    const c = canary ** 2 - (1.96 ** 2 * canaryVariance) / n;
    const root = `sqrt(${digits(b)}^2 - ${digits(a)} × ${digits(c)})`;
    return [
      step('canary, looks 3 and 4', `(${third} + ${fourth}) / (200 + 200)`, canary),
      step('stable', `(1080 + 1080) / (1800 + 1800)`, stable),
      step('change', `${digits(canary)} / ${digits(stable)} - 1`, estimateOf(verdict), 'change'),
      step(
        "variance of one of the canary's outcomes",
        `${digits(canary)} × ${digits(1 - canary)} × ${n} / ${n - 1}`,
        canaryVariance,
      ),
      step(
        "of one of stable's",
        `${digits(stable)} × ${digits(1 - stable)} × ${m} / ${m - 1}`,
        stableVariance,
      ),
      step(
        'how far below 99 % of stable, in stable means',
        `(0.99 × ${digits(stable)} - ${digits(canary)}) / ${digits(stable)}`,
        contrast,
      ),
      step(
        'variance of that',
        `(max(${digits(canaryVariance)}, 0.99^2 × ${digits(stableVariance)}) / ${n} + 0.99^2 × ${digits(stableVariance)} / ${m}) / ${digits(stable)}^2`,
        variance,
      ),
      ...bets,
      step('e-value: the mean of the bets', meanOf(bets), oddsOf(verdict, 'rollback'), 'odds'),
      neededStep(4),
      step("Fieller's a", `${digits(stable)}^2 - 1.96^2 × ${digits(stableVariance)} / ${m}`, a),
      step('b', `${digits(canary)} × ${digits(stable)}`, b),
      step('c', `${digits(canary)}^2 - 1.96^2 × ${digits(canaryVariance)} / ${n}`, c),
      step('interval, from', `(${digits(b)} - ${root}) / ${digits(a)} - 1`, low ?? NaN, 'change'),
      step('to', `(${digits(b)} + ${root}) / ${digits(a)} - 1`, high ?? NaN, 'change'),
    ];
  },
};
