import { logMeanExp } from './log-sum-exp.js';

/**
 * The log-likelihood ratio of S events in n trials, rate `alternative` against rate `nullRate`:
 * S ln(t/p) + (n - S) ln((1-t)/(1-p)). Both are cumulative counters, so how looks are cut does not matter.
 */
export function binomialLogLikelihoodRatio(
  events: number,
  trials: number,
  nullRate: number,
  alternative: number,
): number {
  return (
    events * Math.log(alternative / nullRate) +
    (trials - events) * (Math.log1p(-alternative) - Math.log1p(-nullRate))
  );
}

/**
 * Evidence (natural log of an e-value) against "every rate was at most `nullRate`" where all alternatives lie
 * above it, or against "at least" where all lie below. An even mixture of likelihood ratios (Robbins 1970;
 * Howard et al. 2021): exact for independent requests at any stopping time, also while the rate moves.
 */
export function binomialEvidence(
  events: number,
  trials: number,
  nullRate: number,
  alternatives: readonly number[],
): number {
  return logMeanExp(
    alternatives.map((alternative) => binomialLogLikelihoodRatio(events, trials, nullRate, alternative)),
  );
}
