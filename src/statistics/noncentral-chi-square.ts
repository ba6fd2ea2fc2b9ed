import { gammaln } from 'simple-statistics';
import { findRoot } from './find-root.js';
import { logOdds } from './log-odds.js';
import { normalCdf, normalQuantile } from './normal-distribution.js';

/** Beyond this noncentrality the normal approximation below is closer than its figures are ever shown. */
const largestMixture = 10_000;

/** Terms of the mixture are left out when they weigh less than this. */
const smallestWeight = 1e-17;

/**
 * P(X <= x) of a noncentral chi-square variable: a Poisson mixture, with mean noncentrality / 2, of chi-square
 * distributions with 2, 4, 6, … more degrees of freedom (Johnson, Kotz, Balakrishnan, chapter 29), summed from the
 * heaviest term outwards. For a noncentrality above 10,000 Sankaran's (1959) normal approximation, there better than
 * 1e-5.
 */
export function noncentralChiSquareCdf(x: number, degrees: number, noncentrality: number): number {
  if (x <= 0) return 0;
  if (noncentrality > largestMixture) {
    const { power, centre, width } = sankaran(degrees, noncentrality);
    return normalCdf(((x / (degrees + noncentrality)) ** power - centre) / width);
  }
  const half = noncentrality / 2;
  const middle = Math.floor(half);
  const shape = degrees / 2 + middle;
  const logWeight = half === 0 ? 0 : -half + middle * Math.log(half) - gammaln(middle + 1);
  const weight = Math.exp(logWeight);
  // What lies between the distributions of neighbouring shapes: P(a, y) - P(a + 1, y) = y^a e^-y / Gamma(a + 1).
  const step = Math.exp(shape * Math.log(x / 2) - x / 2 - gammaln(shape + 1));
  const central = sumOfSteps(step, shape, x / 2);
  let total = weight * central;
  for (let j = middle + 1, w = weight, c = central, s = step; ; j++) {
    w *= half / j;
    c -= s;
    s *= x / 2 / (degrees / 2 + j);
    if (w < smallestWeight || c <= 0) break;
    total += w * c;
  }
  for (let j = middle, w = weight, c = central, s = step; j > 0; j--) {
    w *= j / half;
    s *= (degrees / 2 + j) / (x / 2);
    c += s;
    if (w < smallestWeight) break;
    total += w * Math.min(1, c);
  }
  return Math.min(1, total);
}

/** The x that a noncentral chi-square variable stays below with probability `p`, above 0 and below 1. */
export function noncentralChiSquareQuantile(p: number, degrees: number, noncentrality: number): number {
  const score = normalQuantile(p);
  const mean = degrees + noncentrality;
  const deviation = Math.sqrt(2 * (degrees + 2 * noncentrality));
  const scored = (x: number): number =>
    logOdds(noncentralChiSquareCdf(x, degrees, noncentrality)) - logOdds(p);
  let high = mean + Math.max(0, score) * deviation;
  while (scored(high) < 0) high += deviation;
  let low = Math.max(0, Math.min(mean, high) + Math.min(0, score) * deviation);
  while (low > 0 && scored(low) > 0) low = Math.max(0, low - deviation);
  return findRoot(scored, low, high, 1e-12);
}

/** P(a, y), the regularised incomplete gamma function, as the sum of all steps from a on: no term is negative. */
function sumOfSteps(first: number, shape: number, y: number): number {
  if (first === 0) return y > shape ? 1 : 0;
  let total = 0;
  for (let k = 1, step = first; step > smallestWeight * total || k < y - shape; k++) {
    total += step;
    step *= y / (shape + k);
  }
  return Math.min(1, total);
}

/**
 * The quantile by Sankaran's normal approximation alone, in closed form: within 1 % from 3 degrees of freedom on, for
 * what is only told.
 *
 * @param score normal quantile of the probability: 1.645 for 95 %
 */
export function quickNoncentralChiSquareQuantile(
  score: number,
  degrees: number,
  noncentrality: number,
): number {
  const { power, centre, width } = sankaran(degrees, noncentrality);
  return (degrees + noncentrality) * Math.max(0, centre + width * score) ** (1 / power);
}

/** The power of x / mean that is nearly normal, with its mean and standard deviation. */
function sankaran(
  degrees: number,
  noncentrality: number,
): { readonly power: number; readonly centre: number; readonly width: number } {
  const mean = degrees + noncentrality;
  const spread = degrees + 2 * noncentrality;
  const power = 1 - (2 / 3) * ((mean * (degrees + 3 * noncentrality)) / (spread * spread));
  const ratio = spread / (mean * mean);
  const curvature = (power - 1) * (1 - 3 * power);
  return {
    power,
    centre: 1 + power * ratio * (power - 1 - 0.5 * (2 - power) * curvature * ratio),
    width: power * Math.sqrt(2 * ratio) * (1 + 0.5 * curvature * ratio),
  };
}
