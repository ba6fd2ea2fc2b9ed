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
  const excess = (x: number): number => logOdds(cumulative(x)) - logOdds(probability);
  // The quick figure is off by a few hundredths at most, so a bracket around it is small.
  const near = quickBinomialQuantile(normalQuantile(probability), trials, rate);
  let low = Math.max(0, near - 0.1);
  let high = Math.min(trials, near + 0.1);
  if (excess(low) > 0) low = 0;
  if (excess(high) < 0) high = trials;
  return findRoot(excess, low, high, 1e-12);
}

/**
 * The same within a few hundredths of an event and a hundred times as fast, for what is only told: Peizer and Pratt's
 * (1968) normal score of F, whose error is below 0.001 nearly everywhere, solved for x.
 *
 * @param score normal quantile of the probability: 1.645 for 95 %
 */
export function quickBinomialQuantile(score: number, trials: number, rate: number): number {
  if (!(trials > 0) || rate <= 0) return 0;
  if (rate >= 1) return trials;
  // What is rare is searched for, since the search is as fine as its figure is small.
  if (rate > 0.5) return trials - quickBinomialQuantile(-score, trials, 1 - rate);
  const excess = (x: number): number => peizerPrattScore(x, trials, rate) - score;
  if (excess(0) >= 0) return 0;
  if (excess(trials) <= 0) return trials;
  return findRoot(excess, 0, trials, 1e-6);
}

function peizerPrattScore(x: number, trials: number, rate: number): number {
  const other = 1 - rate;
  const rest = trials - x;
  const distance =
    x +
    1 / 6 -
    (trials + 1 / 3) * rate +
    0.02 * (other / (x + 0.5) - rate / (rest + 0.5) + (other - 0.5) / (trials + 1));
  const skew =
    1 + other * peizerPrattFactor(x / (trials * rate)) + rate * peizerPrattFactor(rest / (trials * other));
  return distance * Math.sqrt(skew / ((trials + 1 / 6) * rate * other));
}

/** (1 - x² + 2 x ln x) / (1 - x)²: 1 at 0, 0 at 1, about -1 far beyond. */
function peizerPrattFactor(x: number): number {
  if (x <= 0) return 1;
  const off = 1 - x;
  // The two terms cancel near 1; there it is off / 3 to the first order.
  if (Math.abs(off) < 1e-3) return off / 3 + (off * off) / 6;
  return (1 - x * x + 2 * x * Math.log(x)) / (off * off);
}
