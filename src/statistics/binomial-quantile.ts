import incompleteBeta from '@stdlib/math-base-special-betainc';
import { findRoot } from './find-root.js';
import { logOdds } from './log-odds.js';
import { normalQuantile } from './normal-distribution.js';

/**
 * How many events `trials` requests of a given rate stay below with probability `probability`, for trials that need not
 * be whole: the x at which F(x) = I_{1-rate}(trials - x + 1/2, x + 1/2) reaches it, I the regularised incomplete beta
 * function. F meets the binomial distribution halfway between whole numbers, F(k + 1/2) = P(X <= k), so x lies within a
 * half of where the whole quantile steps, and it moves smoothly with trials and rate: a search over trials does not
 * trip over the steps.
 *
 * @returns from 0 to `trials`
 */
export function binomialQuantile(probability: number, trials: number, rate: number): number {
  if (!(trials > 0) || rate <= 0) return 0;
  if (rate >= 1) return trials;
  const cumulative = (x: number): number => incompleteBeta(1 - rate, trials - x + 0.5, x + 0.5);
  if (cumulative(0) >= probability) return 0;
  if (cumulative(trials) <= probability) return trials;
  const normal = normalQuantile(probability);
  const scored = (x: number): number => logOdds(cumulative(x)) - logOdds(probability);
  const mean = trials * rate;
  const deviation = Math.sqrt(mean * (1 - rate));
  const around = (x: number) => Math.min(trials, Math.max(0, x));
  let low = around(mean + (normal - 1) * deviation - 1);
  let high = around(mean + (normal + 1) * deviation + 1);
  if (scored(low) > 0) low = 0;
  if (scored(high) < 0) high = trials;
  return findRoot(scored, low, high, 1e-10);
}
