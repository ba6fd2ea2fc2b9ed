import {
  nullBias,
  psiContribution,
  samplingScale,
  bettingVariance,
  smoothedShares,
} from '../../../../src/statistics/population-stability-index.js';
import { addInto } from '../../../../src/statistics/sums.js';
import { observationsFile, type FileArm } from '../example-file.js';
import { digits, given, step } from '../step.js';
import { detailOf, estimateOf, oddsOf, sumOf, type Example } from './example.js';
import { gaussianBetSteps, meanOf, neededStep } from './tail-steps.js';

const edges = [0.2, 0.8];
const looks = [
  [99, 65, 36],
  [97, 67, 36],
  [98, 65, 37],
  [98, 65, 37],
];
const stableLook = [1260, 450, 90];
const promoteBelow = 0.1;
const betSizes = [0.1, 0.15, 0.3];

const arm = (counts: number[]): FileArm => ({
  requests: sumOf(counts),
  errors: 0,
  predictions: { edges, counts },
});

/** A canary with more high scores: PSI, what chance does to it, and the two questions that drift has to answer. */
export const drifted: Example = {
  name: 'drifted',
  guardrail: 'prediction-drift',
  file: observationsFile(
    'fraud-detector',
    looks.map((counts) => ({ weight: 0.1, canary: arm(counts), stable: arm(stableLook) })),
  ),
  steps: (verdict) => {
    const canary: number[] = [];
    for (const look of looks.slice(2)) addInto(canary, look);
    const stable = stableLook.map((count) => 2 * count);
    const [n, m] = [sumOf(canary), sumOf(stable)];
    const [p, q] = [smoothedShares(canary), smoothedShares(stable)];
    const bin = (j: number) => [p[j] ?? 0, q[j] ?? 0] as const;
    const names = ['scores up to 0.2', 'scores from 0.2 to 0.8', 'scores above 0.8'];
    const parts = names.map((name, j) => {
      const [pj, qj] = bin(j);
      const shares = [digits(pj), digits(qj)] as const;
      return step(
        name,
        `(${shares[0]} - ${shares[1]}) × ln(${shares[0]} / ${shares[1]})`,
        psiContribution(pj, qj),
      );
    });
    const scale = samplingScale(n, m);
    const psi = detailOf(verdict, 'psi');
    const ownVariance = detailOf(verdict, 'variance');
    const c = digits(scale);
    const variance = bettingVariance(ownVariance, promoteBelow, scale, 3);
    const contrast = estimateOf(verdict) - promoteBelow;
    const bets = gaussianBetSteps(contrast, variance, betSizes);
    return [
      step("canary's share above 0.8, smoothed", `(${canary[2] ?? 0} + 0.5) / (${n} + 3 × 0.5)`, bin(2)[0]),
      step("stable's", `(${stable[2] ?? 0} + 0.5) / (${m} + 3 × 0.5)`, bin(2)[1]),
      ...parts,
      step('PSI', parts.map(({ value }) => digits(value)).join(' + '), psi),
      step(
        'what chance alone gives: (B - 1)(1/N + 1/M)',
        `(3 - 1) × (1 / ${n} + 1 / ${m})`,
        nullBias(3, scale),
      ),
      step('PSI, corrected', `${digits(psi)} - ${digits(nullBias(3, scale))}`, estimateOf(verdict)),
      given('its variance, by the delta method', ownVariance),
      step(
        'kept within 4 and 8 × 0.1 × (1/N + 1/M), and the part of chance',
        `min(max(${digits(ownVariance)}, 0.4 × ${c}), 0.8 × ${c}) + 2 × (3 - 1) × ${c}^2`,
        variance,
      ),
      ...bets,
      step(
        'e-value against "at most 0.1"',
        meanOf(bets),
        Math.exp(detailOf(verdict, 'sizeEvidence')),
        'odds',
      ),
      given(
        'e-value against "no difference at all"',
        Math.exp(detailOf(verdict, 'differenceEvidence')),
        'odds',
      ),
      given('the lesser of the two', oddsOf(verdict, 'rollback'), 'odds'),
      neededStep(4),
    ];
  },
};
