import { bisect } from './bisect.js';
import { logBeta } from './log-beta.js';

/** The beta mixture of the confidence sequence: mean 1 %, as strong as 50 requests. */
const priorEvents = 0.5;
const priorOther = 49.5;

/**
 * A confidence sequence for a rate: {p : ln B(a+S, b+n-S) - ln B(a, b) - S ln p - (n-S) ln(1-p) < ln(1/alpha)} with
 * a = 0.5, b = 49.5 (beta-binomial mixture; Robbins 1970, Howard et al. 2021). It covers the rate at all looks at
 * once with probability 1 - alpha, however often it is read.
 *
 * @returns lower and upper end; [0, 1] without any trial
 */
export function rateConfidenceSequence(
  events: number,
  trials: number,
  alpha = 0.05,
): readonly [number, number] {
  if (!(trials > 0)) return [0, 1];
  const evidence = rateEvidence(events, trials);
  const limit = Math.log(1 / alpha);
  const outside = (rate: number): boolean => evidence(rate) >= limit;
  const estimate = events / trials;
  const lower = events <= 0 || !outside(Number.MIN_VALUE) ? 0 : bisect(outside, Number.MIN_VALUE, estimate);
  const upper = events >= trials ? 1 : bisect((rate) => !outside(rate), estimate, 1);
  return [lower, upper];
}

/** The evidence (natural log) against each rate: what the confidence sequence is the level set of. */
function rateEvidence(events: number, trials: number): (rate: number) => number {
  const constant =
    logBeta(priorEvents + events, priorOther + trials - events) - logBeta(priorEvents, priorOther);
  const misses = trials - events;
  return (rate) =>
    constant - (events > 0 ? events * Math.log(rate) : 0) - (misses > 0 ? misses * Math.log1p(-rate) : 0);
}

/** Whether the confidence sequence lies above a rate, without computing its ends. */
export function sequenceExcludesBelow(events: number, trials: number, rate: number, alpha = 0.05): boolean {
  return events / trials > rate && rateEvidence(events, trials)(rate) >= Math.log(1 / alpha);
}

/** Whether the confidence sequence lies below a rate. */
export function sequenceExcludesAbove(events: number, trials: number, rate: number, alpha = 0.05): boolean {
  return events / trials < rate && rateEvidence(events, trials)(rate) >= Math.log(1 / alpha);
}
