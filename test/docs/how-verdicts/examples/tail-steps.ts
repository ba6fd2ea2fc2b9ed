import { binomialLogLikelihoodRatio } from '../../../../src/statistics/binomial-evidence.js';
import { startPrior } from '../../../../src/statistics/change-point-mixture.js';
import { gaussianBets } from '../../../../src/statistics/gaussian-bets.js';
import { digits, step, type Step } from '../step.js';

/** The policy's default: for how many looks a late fault is watched for. */
const horizonLooks = 1440;

/** Prior mass of the starts at looks 1 to 3, which all give the window of looks 3 and 4, and of a start at look 4. */
export const startOf = {
  window: 3,
  together: startPrior(1, horizonLooks) + 2 * startPrior(2, horizonLooks),
  lastLook: startPrior(4, horizonLooks),
  later: 1 - startPrior(1, horizonLooks) - 3 * startPrior(2, horizonLooks),
} as const;

/** The row of a bet: how many times likelier the counts are at the alternative than at the null rate. */
export function betStep(events: number, trials: number, nullRate: number, alternative: number): Step {
  const odds = Math.exp(binomialLogLikelihoodRatio(events, trials, nullRate, alternative));
  const misses = `((1 - ${digits(alternative)}) / (1 - ${digits(nullRate)}))^${trials - events}`;
  const hits = events === 0 ? '' : `(${digits(alternative)} / ${digits(nullRate)})^${events} × `;
  return step(`bet on ${digits(alternative * 100)} %`, `${hits}${misses}`, odds);
}

/** The row of a bet as a log-likelihood ratio, which is what documents hold. */
export function logBetStep(events: number, trials: number, nullRate: number, alternative: number): Step {
  return step(
    `bet on ${digits(alternative * 100)} %, as a natural log`,
    `${events} × ln(${digits(alternative)} / ${digits(nullRate)}) + ${trials - events} × ln((1 - ${digits(alternative)}) / (1 - ${digits(nullRate)}))`,
    binomialLogLikelihoodRatio(events, trials, nullRate, alternative),
  );
}

/** Rows of Gaussian bets: how many times likelier a contrast is at each bet than at 0. */
export function gaussianBetSteps(
  contrast: number,
  variance: number,
  bets: readonly number[],
): readonly Step[] {
  return bets.map((bet) =>
    step(
      `bet of ${bet}`,
      `exp(${bet} × ${digits(contrast)} / ${digits(variance)} - ${bet}^2 / (2 × ${digits(variance)}))`,
      Math.exp(gaussianBets(contrast, variance, [bet])),
    ),
  );
}

/** The arithmetic of the mean of some rows' results. */
export const meanOf = (rows: readonly Step[]): string =>
  `mean(${rows.map(({ value }) => digits(value)).join(', ')})`;

/** The row of the limit that a share has to exceed for a rollback: the threshold and 1.645 standard errors. */
export function gateStep(threshold: number, trials: number): Step {
  return step(
    'the gate: limit and 1.645 standard errors',
    `${digits(threshold)} + 1.645 × sqrt(${digits(threshold)} × ${digits(1 - threshold)} / ${trials})`,
    threshold + 1.645 * Math.sqrt((threshold * (1 - threshold)) / trials),
    'percent',
  );
}

/** The row of what a rollback needs, for so many guardrails. */
export function neededStep(guardrails: number): Step {
  return step('needed', `${guardrails} / 0.05`, guardrails / 0.05, 'odds');
}
